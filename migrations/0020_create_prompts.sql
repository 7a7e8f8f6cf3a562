-- Texts that are used again. Of a prompt every version that was used stays as it was: whatever refers to one (an agent) reads what it always read.

create table prompt (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  owner_id uuid not null references principal on delete cascade,
  name text not null,
  -- Whether the other members of the workspace may use it; only its owner changes it.
  visibility text not null default 'own' check (visibility in ('own', 'workspace')),
  -- The newest version: the one that is offered.
  version int not null default 1,
  -- When it was used last, by anybody.
  used_at timestamptz(3),
  -- It can be restored until the next purge after 30 days.
  deleted_at timestamptz,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz not null default now()
);
create index prompt_list on prompt (workspace_id, (coalesce(used_at, created_at)) desc, id desc) where deleted_at is null;
create index prompt_owner on prompt (owner_id);
create index prompt_trash on prompt (deleted_at) where deleted_at is not null;

create table prompt_version (
  id uuid primary key,
  workspace_id uuid not null,
  prompt_id uuid not null references prompt on delete cascade,
  number int not null,
  content text not null,
  -- Derived from the content when it is written: [{name, type, description, default, options}].
  variables jsonb not null,
  -- When it was used first; from then on it is not changed any more.
  used_at timestamptz,
  created_at timestamptz not null default now(),
  unique (prompt_id, number)
);

insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000000501', 'prompt:*', 'prompt', '*');

insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000501'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000501');
