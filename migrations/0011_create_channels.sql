-- A messaging platform that a workspace answers on. Its `agent_id` (0022) names who answers.
create table installation (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  platform text not null check (platform in ('webhook', 'telegram')),
  name text not null,
  is_enabled boolean not null default true,
  -- One sealed JSON object: the platform's secrets and addresses.
  sealed_settings bytea not null,
  -- The sender of a webhook says which addresses it has verified. Whoever runs the workspace declares it; nothing else makes a link.
  verifies_email boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index installation_workspace on installation (workspace_id);

alter table conversation add foreign key (installation_id) references installation on delete set null;
-- One conversation for each thread of a platform, however many processes see its first message at once.
create unique index conversation_session on conversation (workspace_id, installation_id, session_id) where installation_id is not null;
create index conversation_installation on conversation (installation_id) where installation_id is not null;
create index conversation_assignee on conversation (assignee_id) where assignee_id is not null;
-- What is with contacts and visitors stays theirs when the installation is gone, so the source says it, not the installation.
create index conversation_inbox on conversation (workspace_id, updated_at desc, id desc) where source not in ('web', 'api') and deleted_at is null;

-- A person on a platform, who never signs up. Its id is the principal's. What they say of themselves proves nothing: `user_id` is set by a verified link only.
create table contact (
  id uuid primary key references principal on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  installation_id uuid references installation on delete set null,
  external_id text not null,
  name text not null,
  language text,
  user_id uuid references user_account on delete set null,
  created_at timestamptz not null default now(),
  unique (workspace_id, installation_id, external_id)
);
create index contact_installation on contact (installation_id);
create index contact_user on contact (user_id) where user_id is not null;

-- The member of a workspace who has proved to have this e-mail address; null where there is none.
create function member_with_email(workspace uuid, address text) returns uuid language sql stable as $$
  select u.id from user_account u where u.email = lower(address) and u.email_verified and u.status = 'active'
    and exists (select from role_grant g where g.principal_id = u.id and g.scope = 'workspace' and g.scope_id = workspace)
$$;

-- Every event as it came, stored once before it is acknowledged. A process claims what is open for a while; if it dies, another one does.
create table inbound_event (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  installation_id uuid not null references installation on delete cascade,
  external_id text not null,
  -- Events of one thread are worked on in the order in which they came.
  session_id text not null,
  -- Null once it is no longer kept.
  raw bytea,
  state text not null default 'open' check (state in ('open', 'done', 'ignored', 'failed')),
  attempts int not null default 0,
  claimed_until timestamptz,
  error text,
  conversation_id uuid,
  message_id uuid,
  received_at timestamptz not null default now(),
  unique (workspace_id, installation_id, external_id)
);
create index inbound_event_open on inbound_event (installation_id, session_id, received_at, id) where state = 'open';
-- Walked in the order in which they came, up to as many as are wanted: nobody sorts a backlog to find its beginning.
create index inbound_event_due on inbound_event (received_at, id) where state = 'open';
create index inbound_event_kept on inbound_event (received_at) where raw is not null;
create index inbound_event_installation on inbound_event (installation_id);

-- What is to be sent to a contact: written in the transaction that ends the answer, sent at least once. An uncertain one may have arrived.
create table delivery (
  message_id uuid primary key references message on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  installation_id uuid not null references installation on delete cascade,
  conversation_id uuid not null references conversation on delete cascade,
  state text not null default 'pending' check (state in ('pending', 'sent', 'failed')),
  is_uncertain boolean not null default false,
  attempts int not null default 0,
  -- A platform takes long answers in pieces; those that it took are not sent again.
  pieces_sent int not null default 0,
  next_attempt_at timestamptz not null default now(),
  claimed_until timestamptz,
  error text,
  -- Made by the client of a person who answers, so that sending twice answers once.
  answer_key uuid,
  external_id text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  unique (conversation_id, answer_key)
);
create index delivery_pending on delivery (conversation_id, created_at, message_id) where state = 'pending';
create index delivery_conversation on delivery (conversation_id, created_at desc);
create index delivery_installation on delivery (installation_id);

insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000000301', 'installation:*', 'installation', '*'),
  ('00000000-0000-7000-8000-000000000302', 'inbox:*', 'inbox', '*'),
  ('00000000-0000-7000-8000-000000000303', 'installation:read', 'installation', 'read');

insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000301'),
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000302'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000302'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000303');

/*
 * A message that no turn writes: what a contact says while a person answers, and what the person answers. {id, conversationId, branchId, authorId, role, parts,
 * preview, externalId, structuredPrompt, language, replyTo, entityType, entityId, answerKey, needsPerson}. It goes after the head, whatever that is, and moves it.
 * One with `answerKey` is sent to the contact; a visitor's page is told. Answers with the id of the message, which may have been there already.
 */
create function append_message(m jsonb) returns uuid language plpgsql as $$
declare
  c conversation;
  spot record;
  known uuid;
begin
  select * into c from conversation where id = (m ->> 'conversationId')::uuid for update;
  select id into known from message where id = (m ->> 'id')::uuid;
  if known is null and m ->> 'answerKey' is not null then
    select message_id into known from delivery where conversation_id = c.id and answer_key = (m ->> 'answerKey')::uuid;
  end if;
  if known is not null then return known; end if;

  select * into spot from place_message(c.workspace_id, c.id, c.head_id, (m ->> 'branchId')::uuid);
  insert into message (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, parts, external_id, structured_prompt, language,
    reply_to_id, entity_type, entity_id)
  values ((m ->> 'id')::uuid, c.workspace_id, c.id, c.head_id, spot.branch, spot.depth, c.next_serial, (m ->> 'authorId')::uuid, m ->> 'role', m -> 'parts',
    m ->> 'externalId', m ->> 'structuredPrompt', m ->> 'language', message_replied_to(c.id, m ->> 'replyTo'), m ->> 'entityType', m ->> 'entityId');
  update conversation set head_id = (m ->> 'id')::uuid, next_serial = c.next_serial + 1, updated_at = now(), last_message_preview = m ->> 'preview',
    handled_by = case when (m ->> 'needsPerson')::boolean then 'person' else handled_by end
  where id = c.id;
  if m ->> 'answerKey' is not null and c.installation_id is not null then
    insert into delivery (message_id, workspace_id, installation_id, conversation_id, answer_key)
    values ((m ->> 'id')::uuid, c.workspace_id, c.installation_id, c.id, (m ->> 'answerKey')::uuid);
  end if;
  -- A visitor has the page open; a contact is sent what concerns them.
  if c.source in ('page', 'widget') then
    select * into c from conversation where id = c.id;
    perform append_user_events(jsonb_build_array(jsonb_build_array(c.owner_id,
      jsonb_build_object('type', 'conversation-changed', 'conversation', conversation_json(c)))));
  end if;
  return (m ->> 'id')::uuid;
end
$$;
