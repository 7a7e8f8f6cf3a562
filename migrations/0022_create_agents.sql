-- Who answers in place of the workspace's model and instructions. What an agent is made of stands in versions that are never changed; the agent names the one that counts.

create table agent (
  id uuid primary key references principal on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  owner_id uuid not null references principal,
  name text not null,
  description text not null default '',
  -- Its picture: an emoji on one of a few colours.
  icon text not null,
  color text not null,
  -- Whether every member of the workspace may use it. Others get a role at scope 'agent'.
  visibility text not null default 'own' check (visibility in ('own', 'workspace')),
  -- The version that answers.
  version int not null default 1,
  -- It can be restored until the next purge after 30 days.
  deleted_at timestamptz,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index agent_list on agent (workspace_id, updated_at desc, id desc) where deleted_at is null;
create index agent_owner on agent (owner_id);
create index agent_trash on agent (deleted_at) where deleted_at is not null;

create table agent_version (
  id uuid primary key,
  workspace_id uuid not null,
  agent_id uuid not null references agent on delete cascade,
  number int not null,
  -- As they are sent once their variables are filled in. Of a pinned prompt a copy: that version cannot change any more, but it can be deleted.
  instructions text not null,
  prompt_version_id uuid references prompt_version on delete set null,
  -- {name: value}, for the variables of the instructions.
  variable_values jsonb not null default '{}',
  -- Null: as without an agent.
  model_id uuid references model on delete set null,
  connection_id uuid references connection on delete set null,
  -- {temperature, maxTokens, topP, topK, thinking}; what is null is as without an agent.
  parameters jsonb not null,
  -- Names. Null: all that are offered to everybody.
  tools jsonb,
  starters jsonb not null default '[]',
  -- Model calls of one turn. Null: as many as without an agent.
  max_steps int check (max_steps between 1 and 100),
  note text,
  created_by uuid not null references principal,
  created_at timestamptz not null default now(),
  unique (agent_id, number)
);
create index agent_version_prompt on agent_version (prompt_version_id) where prompt_version_id is not null;
create index agent_version_model on agent_version (model_id) where model_id is not null;
create index agent_version_connection on agent_version (connection_id) where connection_id is not null;

-- Who answers in a conversation. Null: the model of the workspace. An agent that is deleted stays named until it is purged, so that nobody is answered by something else unawares.
alter table conversation add column agent_id uuid references agent on delete set null;
create index conversation_agent on conversation (agent_id) where agent_id is not null;

insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000000601', 'agent:*', 'agent', '*'),
  ('00000000-0000-7000-8000-000000000602', 'agent:read', 'agent', 'read'),
  ('00000000-0000-7000-8000-000000000603', 'agent:use', 'agent', 'use');

insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000601'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000601');

-- Given at scope 'agent' only.
insert into role (id, workspace_id, name, display_order) values
  ('00000000-0000-7000-8000-000000000017', '00000000-0000-7000-8000-000000000001', 'agent admin', 7),
  ('00000000-0000-7000-8000-000000000018', '00000000-0000-7000-8000-000000000001', 'agent user', 8);
insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000017', '00000000-0000-7000-8000-000000000601'),
  ('00000000-0000-7000-8000-000000000018', '00000000-0000-7000-8000-000000000602'),
  ('00000000-0000-7000-8000-000000000018', '00000000-0000-7000-8000-000000000603');
