-- Files in a conversation. A `file` is bytes that are kept once; an `attachment` is one use of it, with a life of its own. Messages that share a file (an edit, a fork)
-- have an attachment each.
create table file (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  owner_id uuid not null references principal on delete cascade,
  -- Where the bytes are: a store, and their name in it, which is made from an id and never from a person's words. Object storage has a region, a disk has none.
  bucket text not null,
  key text not null,
  region text,
  etag text,
  -- As announced until it is stored, then as counted.
  size bigint not null,
  -- As its bytes say.
  mime text,
  checksum_sha256 bytea,
  kind text check (kind in ('image', 'pdf', 'text')),
  width int,
  height int,
  page_count int,
  -- What a model reads that takes words only: its name in the same store, which is `key` where the bytes are that text already.
  text_key text,
  text_tokens int,
  created_at timestamptz not null default now(),
  unique (bucket, key)
);
create index file_owner on file (workspace_id, owner_id);
create index file_owner_alone on file (owner_id);

create table attachment (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  -- Null until a message has it, unless it was announced for a conversation.
  conversation_id uuid references conversation on delete cascade,
  message_id uuid references message on delete set null,
  user_id uuid not null references user_account on delete cascade,
  file_id uuid not null references file on delete cascade,
  origin text not null default 'upload' check (origin in ('upload', 'remote', 'generated')),
  status text not null default 'requested'
    check (status in ('requested', 'planned', 'uploading', 'stored', 'scanning', 'ready', 'attached', 'failed', 'quarantined')),
  reason text,
  name text not null,
  -- What whoever uploads it says of it.
  claimed_mime text not null default '',
  claimed_sha256 bytea,
  -- Of a remote one.
  source_url text,
  meta jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz not null default now()
);
create index attachment_conversation on attachment (conversation_id, created_at);
create index attachment_message on attachment (message_id);
create index attachment_user on attachment (user_id, workspace_id, created_at desc, id desc);
create index attachment_status on attachment (status, updated_at) where status <> 'attached';
create index attachment_file on attachment (file_id);

-- A state follows only on those it can come from, whoever writes it.
create function guard_attachment_status() returns trigger language plpgsql as $$
begin
  if not (new.status = any (case old.status
    when 'requested' then '{planned,failed}'
    when 'planned' then '{uploading,failed}'
    when 'uploading' then '{stored,failed}'
    when 'stored' then '{scanning,failed}'
    when 'scanning' then '{ready,failed,quarantined}'
    when 'ready' then '{attached}'
    else '{}' end::text[])) then
    raise exception 'an attachment cannot go from % to %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger attachment_status before update of status on attachment for each row when (old.status is distinct from new.status) execute function guard_attachment_status();

-- Bytes whose row is gone and that are still to be deleted: a file is never touched inside a transaction.
create table dropped_file (
  id uuid primary key,
  workspace_id uuid not null,
  bucket text not null,
  key text not null,
  text_key text,
  created_at timestamptz not null default now()
);
create function drop_file() returns trigger language plpgsql as $$
begin
  insert into dropped_file (id, workspace_id, bucket, key, text_key) values (old.id, old.workspace_id, old.bucket, old.key, old.text_key);
  return null;
end
$$;
create trigger file_dropped after delete on file for each row execute function drop_file();

-- Whether all attachments of an accept can be attached: a ready one of the actor's in its workspace that is for this conversation or for none yet, or one that is in this conversation
-- already and is attached once more ({id, source}). The rows must be locked.
create function can_attach(item jsonb, in_conversation uuid) returns boolean language plpgsql stable as $$
begin
  return not exists (
    select from jsonb_array_elements(item -> 'attachments') a
    left join attachment t on t.id = coalesce(a ->> 'source', a ->> 'id')::uuid and t.user_id = (item ->> 'actorId')::uuid and t.workspace_id = (item ->> 'workspaceId')::uuid
      and case when a ->> 'source' is null then t.status = 'ready' and (t.conversation_id is null or t.conversation_id = in_conversation)
        else t.status = 'attached' and t.conversation_id = in_conversation end
    where t.id is null);
end
$$;

create function attach_files(item jsonb, in_conversation uuid, in_message uuid) returns void language plpgsql as $$
begin
  update attachment t set status = 'attached', conversation_id = in_conversation, message_id = in_message, updated_at = now()
  from jsonb_array_elements(item -> 'attachments') a where t.id = (a ->> 'id')::uuid and a ->> 'source' is null;
  insert into attachment (id, workspace_id, conversation_id, message_id, user_id, file_id, origin, status, name, claimed_mime, source_url, meta)
  select (a ->> 'id')::uuid, t.workspace_id, in_conversation, in_message, t.user_id, t.file_id, t.origin, 'attached', t.name, t.claimed_mime, t.source_url, t.meta
  from jsonb_array_elements(item -> 'attachments') a join attachment t on t.id = (a ->> 'source')::uuid;
end
$$;
