create table conversation (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  owner_id uuid not null references principal,
  source text not null check (source in ('web', 'api', 'webhook', 'telegram', 'page', 'widget')),
  title text not null,
  visibility text not null default 'private' check (visibility in ('private', 'workspace')),
  -- The last message of the path that is shown. Moves when a turn is accepted or a person switches, never at settlement.
  head_id uuid,
  -- Serials come from this counter, never from max + 1.
  next_serial int not null default 1,
  model_id uuid references model on delete set null,
  connection_id uuid references connection on delete set null,
  last_message_preview text,
  -- Of a conversation with a contact: the installation it came by, and the platform's thread or channel.
  installation_id uuid,
  session_id text,
  -- Who answers a contact: the model, or a person who took over.
  handled_by text not null default 'bot' check (handled_by in ('bot', 'person')),
  assignee_id uuid references user_account on delete set null,
  language text,
  -- A record elsewhere that it is about.
  entity_type text,
  entity_id text,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  -- To the millisecond: a page of the list ends at (updated_at, id), and what JavaScript cannot hold it would skip.
  updated_at timestamptz(3) not null default now()
);
create index conversation_list on conversation (workspace_id, owner_id, updated_at desc, id desc) where deleted_at is null;

-- A path through the tree is a short list of (branch, depth range): a first child continues its parent's branch, a sibling opens one.
-- Rows below a conversation leave with it, so their workspace_id needs no foreign key of its own: each would cost a look-up on the hot path.
create table branch (
  id uuid primary key,
  workspace_id uuid not null,
  conversation_id uuid not null references conversation on delete cascade,
  parent_branch_id uuid references branch on delete cascade,
  -- Messages of this branch begin at this depth; the path above it runs in the parent branch.
  fork_depth int not null
);
create index branch_conversation on branch (conversation_id);

create table message (
  id uuid primary key,
  workspace_id uuid not null,
  conversation_id uuid not null references conversation on delete cascade,
  parent_id uuid references message on delete cascade,
  branch_id uuid not null,
  depth int not null,
  serial int not null,
  author_id uuid not null references principal,
  role text not null check (role in ('user', 'assistant', 'system')),
  parts jsonb not null default '[]',
  -- What a model reads in place of a contact's words: mentions cleaned, audio and files turned into text. Null: the parts as they are.
  structured_prompt text,
  language text,
  -- Its id on the platform, and what it replies to there.
  external_id text,
  reply_to_id uuid,
  entity_type text,
  entity_id text,
  -- The turn this message is the answer of; its state says whether the answer is still being written.
  turn_id uuid,
  created_at timestamptz not null default now(),
  unique (conversation_id, serial),
  unique (conversation_id, branch_id, depth)
);
create index message_parent on message (conversation_id, parent_id);

alter table conversation add foreign key (head_id) references message on delete set null deferrable initially deferred;
