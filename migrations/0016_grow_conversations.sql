-- Trees: forks, temporary conversations, settings of a conversation.

-- Where a fork was copied from. Without foreign keys: that it is a fork stays true when its origin is gone.
alter table conversation add column forked_from_conversation_id uuid, add column forked_from_message_id uuid;

-- A child: begun by a message of another conversation, in which its card stands. It leaves with that one, and comes back with it.
alter table conversation add column spawned_by_conversation_id uuid, add column spawned_by_message_id uuid;
create index conversation_children on conversation (spawned_by_conversation_id) where spawned_by_conversation_id is not null;

-- A deleted branch: its first message and all below it carry the same instant, so that one deletion is taken back as one. Nothing is added below them.
alter table message add column deleted_at timestamptz;
create index message_deleted on message (deleted_at) where deleted_at is not null;

-- How a message is shown in lists.
create function message_preview(in_message uuid) returns text language plpgsql stable as $$
begin
  return (
    select left(regexp_replace(btrim(part ->> 'text'), '[[:space:]]+', ' ', 'g'), 200)
    from message m, jsonb_array_elements(m.parts) with ordinality as p (part, position)
    where m.id = in_message and part ->> 'type' = 'text' order by position desc limit 1);
end
$$;

-- Temporary: in no list and no search, and erased at this instant. Null: kept.
alter table conversation add column expires_at timestamptz;
create index conversation_expiry on conversation (expires_at) where expires_at is not null;

-- What a conversation sets for itself. Null: the next level decides.
create table conversation_settings (
  conversation_id uuid primary key references conversation on delete cascade,
  workspace_id uuid not null,
  system_prompt text,
  temperature double precision check (temperature between 0 and 2),
  max_tokens int check (max_tokens > 0),
  top_p double precision check (top_p between 0 and 1),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
