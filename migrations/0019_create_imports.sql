-- Imports of conversations from archives, and what came from where.

-- The model that answered elsewhere, as text: there is no turn here that says it.
alter table message add column model_name text;

create table conversation_import (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  owner_id uuid not null references principal on delete cascade,
  input_file_name text not null,
  size_bytes bigint not null check (size_bytes > 0),
  -- So much of the file has arrived.
  received_bytes bigint not null default 0 check (received_bytes between 0 and size_bytes),
  -- Whose archive it is, as far as that was seen.
  source text check (source in ('parley', 'chatgpt', 'claude')),
  processing_status text not null default 'uploading' check (processing_status in ('uploading', 'pending', 'processing', 'completed', 'failed', 'stopped')),
  error_message text,
  -- Files of the archive that were not read, and the like: {code: count}.
  notes jsonb not null default '{}',
  -- Of the text of conversations in the archive.
  total_bytes bigint,
  read_bytes bigint not null default 0,
  -- Conversations that are done, in the order of the archive: whoever goes on begins here.
  next_position int not null default 0,
  imported int not null default 0,
  extended int not null default 0,
  unchanged int not null default 0,
  skipped int not null default 0,
  failed int not null default 0,
  messages int not null default 0,
  -- Of the process that works on it: a claim ends by time, and a newer epoch makes the writes of an older one void.
  epoch int not null default 0,
  claimed_until timestamptz,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz
);
create index conversation_import_owner on conversation_import (owner_id, workspace_id, created_at desc, id desc);
create index conversation_import_open on conversation_import (created_at) where processing_status in ('uploading', 'pending', 'processing');

-- What became of each conversation of an archive.
create table conversation_import_item (
  import_id uuid not null references conversation_import on delete cascade,
  position int not null,
  workspace_id uuid not null,
  outcome text not null check (outcome in ('imported', 'extended', 'unchanged', 'skipped', 'failed')),
  title text not null,
  conversation_id uuid references conversation on delete set null,
  messages int not null default 0,
  -- Why it was skipped or failed.
  reason text,
  notes jsonb not null default '{}',
  primary key (import_id, position)
);
create index conversation_import_item_conversation on conversation_import_item (conversation_id) where conversation_id is not null;

-- Which conversation of which archive a conversation is, so that it is there once however often it is imported.
create table imported_conversation (
  conversation_id uuid primary key references conversation on delete cascade,
  workspace_id uuid not null,
  owner_id uuid not null references principal on delete cascade,
  source text not null,
  external_id text not null,
  created_at timestamptz not null default now(),
  unique (workspace_id, owner_id, source, external_id)
);
create index imported_conversation_owner on imported_conversation (owner_id);
