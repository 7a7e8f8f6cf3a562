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

-- A link by which anybody who has it reads one path of a conversation. Whoever asks for it is looked up by the hash; the token itself is sealed, so that its owner can copy
-- the link again.
create table share (
  id uuid primary key,
  workspace_id uuid not null,
  conversation_id uuid not null references conversation on delete cascade,
  owner_id uuid not null references principal on delete cascade,
  token_hash bytea not null unique,
  sealed_token bytea not null,
  -- The path ends here; if the share is live, it goes on to what is shown, as long as that runs through this message.
  message_id uuid not null references message on delete cascade,
  is_live boolean not null default false,
  -- Whether search engines may list it.
  is_indexed boolean not null default false,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz not null default now()
);
create index share_conversation on share (conversation_id);
create index share_message on share (message_id);
create index share_owner on share (owner_id, created_at desc, id desc);

-- A passage of a message that somebody marked, anchored by quotation: messages do not change, but how they are drawn does.
create table highlight (
  id uuid primary key,
  workspace_id uuid not null,
  message_id uuid not null references message on delete cascade,
  user_id uuid not null references user_account on delete cascade,
  kind text not null default 'text' check (kind in ('text', 'code')),
  -- W3C TextQuoteSelector: {exact, prefix, suffix}.
  text_quote jsonb not null,
  -- Where it was in the text as it was drawn then; a hint that chooses among equal passages.
  start_offset int,
  end_offset int,
  language text,
  color text not null default 'yellow' check (color in ('yellow', 'green', 'blue', 'pink')),
  note text,
  is_pinned boolean not null default false,
  -- SHA-256 of the message and the quotation: the same passage is marked once by each person.
  selector_hash bytea not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, selector_hash)
);
create index highlight_message on highlight (message_id, created_at);
create index highlight_list on highlight (user_id, workspace_id, created_at desc, id desc);
create index highlight_pinned on highlight (user_id, workspace_id, created_at desc, id desc) where is_pinned;
