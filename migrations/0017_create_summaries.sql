-- Titles by a model. `first`: the beginning of the first message, until a model has made a better one; `own`: a person gave it, so nobody changes it.
alter table conversation add column title_state text not null default 'first' check (title_state in ('first', 'made', 'own'));
alter table conversation add column title_attempts int not null default 0;
alter table conversation add column title_claimed_until timestamptz;
-- After the first exchange.
create index conversation_untitled on conversation (updated_at)
  where title_state = 'first' and title_attempts < 2 and source = 'web' and next_serial > 2 and deleted_at is null;

-- What stands for everything up to and with a message when context is put together: beside the path, shared by all branches that run through it. The newest on a
-- path counts.
create table summary (
  id uuid primary key,
  workspace_id uuid not null,
  conversation_id uuid not null references conversation on delete cascade,
  message_id uuid not null unique references message on delete cascade,
  text text not null,
  model_id uuid references model on delete set null,
  created_at timestamptz not null default now()
);
create index summary_conversation on summary (conversation_id);
create index summary_model on summary (model_id) where model_id is not null;

-- Conversations whose context has passed their model's threshold, until they have been summarised: one at a time each, whoever asks.
create table summary_due (
  conversation_id uuid primary key references conversation on delete cascade,
  workspace_id uuid not null,
  -- The answer after which it was noticed.
  leaf_id uuid not null references message on delete cascade,
  attempts int not null default 0,
  claimed_until timestamptz,
  created_at timestamptz not null default now()
);
create index summary_due_leaf on summary_due (leaf_id);
