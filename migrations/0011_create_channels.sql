-- A messaging platform that a workspace answers on. It names what answers: until agents exist, a model and a system prompt.
create table installation (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  platform text not null check (platform in ('webhook', 'telegram')),
  name text not null,
  is_enabled boolean not null default true,
  model_id uuid references model on delete set null,
  system_prompt text,
  -- One sealed JSON object: the platform's secrets and addresses.
  sealed_settings bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index installation_workspace on installation (workspace_id);

alter table conversation add foreign key (installation_id) references installation on delete set null;
-- One conversation for each thread of a platform, however many processes see its first message at once.
create unique index conversation_session on conversation (workspace_id, installation_id, session_id) where installation_id is not null;
create index conversation_inbox on conversation (workspace_id, updated_at desc, id desc) where installation_id is not null and deleted_at is null;

-- A person on a platform, who never signs up. Its id is the principal's. What they say of themselves proves nothing: `user_id` is set by a verified link only.
create table contact (
  id uuid primary key references principal on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  installation_id uuid not null references installation on delete cascade,
  external_id text not null,
  name text not null,
  language text,
  user_id uuid references user_account on delete set null,
  created_at timestamptz not null default now(),
  unique (workspace_id, installation_id, external_id)
);

-- Every event as it came, stored once before it is acknowledged. A process claims what is open for a while; if it dies, another one does.
create table inbound_event (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  installation_id uuid not null references installation on delete cascade,
  external_id text not null,
  -- Events of one thread are worked on in the order in which they came.
  session_id text not null,
  raw bytea not null,
  state text not null default 'open' check (state in ('open', 'done', 'ignored', 'failed')),
  attempts int not null default 0,
  claimed_until timestamptz,
  error text,
  conversation_id uuid,
  message_id uuid,
  received_at timestamptz not null default now(),
  unique (workspace_id, installation_id, external_id)
);
create index inbound_event_open on inbound_event (installation_id, session_id, id) where state = 'open';

-- What is to be sent to a contact: written in the transaction that ends the answer, sent at least once. An uncertain one may have arrived.
create table delivery (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  installation_id uuid not null references installation on delete cascade,
  conversation_id uuid not null references conversation on delete cascade,
  message_id uuid not null unique references message on delete cascade,
  state text not null default 'pending' check (state in ('pending', 'sent', 'failed')),
  is_uncertain boolean not null default false,
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  claimed_until timestamptz,
  error text,
  external_id text,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index delivery_pending on delivery (conversation_id, id) where state = 'pending';
create index delivery_conversation on delivery (conversation_id, id);

insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000000201', 'installation:*', 'installation', '*'),
  ('00000000-0000-7000-8000-000000000202', 'inbox:*', 'inbox', '*');

insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000201'),
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000202'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000202');

/*
 * A message that no turn writes: what a contact says while a person answers, and what the person answers. It goes after the head, whatever that is, and moves
 * it; `delivers` has it sent to the contact. The conversation's row must be locked. Answers false where the message is there already.
 */
create function append_message(in_conversation uuid, in_message uuid, in_branch uuid, in_author uuid, in_role text, in_parts jsonb, in_preview text,
  in_external_id text, delivers boolean) returns boolean language plpgsql as $$
declare
  c conversation;
  spot record;
begin
  if exists (select from message where id = in_message) then return false; end if;
  select * into c from conversation where id = in_conversation;
  select * into spot from place_message(c.workspace_id, c.id, c.head_id, in_branch);
  insert into message (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, parts, external_id)
  values (in_message, c.workspace_id, c.id, c.head_id, spot.branch, spot.depth, c.next_serial, in_author, in_role, in_parts, in_external_id);
  update conversation set head_id = in_message, next_serial = c.next_serial + 1, updated_at = now(), last_message_preview = in_preview where id = c.id;
  if delivers and c.installation_id is not null then
    insert into delivery (id, workspace_id, installation_id, conversation_id, message_id) values (in_message, c.workspace_id, c.installation_id, c.id, in_message);
  end if;
  return true;
end
$$;
