-- What readers add to messages: feedback, highlights, shares. Rows leave with the message or conversation they are about; each reference has an index that begins with it,
-- since deleting messages looks here (see 0010).

-- What a person thinks of an answer: one value each, so that like and dislike exclude each other.
create table message_feedback (
  id uuid primary key,
  workspace_id uuid not null,
  message_id uuid not null references message on delete cascade,
  principal_id uuid not null references principal on delete cascade,
  value text not null check (value in ('like', 'dislike')),
  reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (message_id, principal_id)
);
create index message_feedback_principal on message_feedback (principal_id);
