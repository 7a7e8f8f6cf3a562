-- Titles by a model. `first`: the beginning of the first message, until a model has made a better one; `own`: a person gave it, so nobody changes it.
alter table conversation add column title_state text not null default 'first' check (title_state in ('first', 'made', 'own'));
alter table conversation add column title_attempts int not null default 0;
alter table conversation add column title_claimed_until timestamptz;
-- After the first exchange.
create index conversation_untitled on conversation (updated_at)
  where title_state = 'first' and title_attempts < 2 and source = 'web' and next_serial > 2 and deleted_at is null;
