-- What a model was asked to keep of a person, for later conversations.

create table memory (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  owner_id uuid not null references principal on delete cascade,
  -- Null: for every conversation. Else for those with this agent.
  agent_id uuid,
  text text not null check (length(text) between 1 and 1000),
  -- Where it was said; null where its owner wrote it. No foreign keys: a memory outlives what it comes from.
  source_conversation_id uuid,
  source_turn_id uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index memory_list on memory (owner_id, workspace_id, updated_at desc, id desc);
create index memory_workspace on memory (workspace_id);
-- The same thing is kept once.
create unique index memory_text on memory (owner_id, workspace_id, coalesce(agent_id, '00000000-0000-0000-0000-000000000000'::uuid), md5(text));

-- Who has switched memory off (or on again) in a workspace. Without a row it is on.
create table memory_switch (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  owner_id uuid not null references principal on delete cascade,
  is_on boolean not null,
  updated_at timestamptz not null default now(),
  unique (owner_id, workspace_id)
);
create index memory_switch_workspace on memory_switch (workspace_id);

insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000002701', 'memory:*', 'memory', '*');

insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000002701'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000002701');
