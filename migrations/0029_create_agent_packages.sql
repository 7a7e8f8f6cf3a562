-- Packages that were installed into agents: where each came from, what it said it would be able to do, and every version there was.

-- The bytes of a package, kept once in a workspace. Swept when neither an inspection nor a version names them.
create table package_archive (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  sha256 bytea not null,
  storage_key text not null,
  size_bytes bigint not null,
  created_at timestamptz not null default now(),
  unique (workspace_id, sha256)
);

create table agent_package (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  agent_id uuid not null references agent on delete cascade,
  -- As its manifest names it.
  package_id text not null,
  -- The number of the version that is in force.
  version int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (agent_id, package_id)
);
create index agent_package_workspace on agent_package (workspace_id, created_at desc);

-- What was looked at and not yet installed. Only who looked can install it, once, within the hour.
create table package_inspection (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  created_by uuid not null references principal on delete cascade,
  archive_id uuid not null references package_archive,
  -- For an update of this one.
  agent_package_id uuid references agent_package on delete cascade,
  root text not null,
  manifest jsonb not null,
  source jsonb not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);
create index package_inspection_archive on package_inspection (archive_id);
create index package_inspection_workspace on package_inspection (workspace_id);
create index package_inspection_created_by on package_inspection (created_by);
create index package_inspection_package on package_inspection (agent_package_id) where agent_package_id is not null;
create index package_inspection_expiry on package_inspection (expires_at);

-- Never changed.
create table agent_package_version (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  agent_package_id uuid not null references agent_package on delete cascade,
  number int not null,
  -- What consent was given to, with the instructions as text.
  manifest jsonb not null,
  -- {kind, url, revision, subPath, commit, fileName}
  source jsonb not null,
  archive_id uuid not null references package_archive,
  -- The folder of the archive in which the package is; empty: all of it.
  root text not null,
  -- One sealed JSON object; the names stay readable.
  sealed_env bytea,
  env_names text[] not null default '{}',
  installed_by uuid references principal on delete set null,
  installed_at timestamptz not null default now(),
  unique (agent_package_id, number)
);
create index agent_package_version_archive on agent_package_version (archive_id);
create index agent_package_version_workspace on agent_package_version (workspace_id);
create index agent_package_version_installed_by on agent_package_version (installed_by) where installed_by is not null;

-- What was done with packages, by whom. Stays when the package or its agent is gone.
create table agent_package_event (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  agent_id uuid not null,
  package_id text not null,
  action text not null check (action in ('installed', 'updated', 'rolled_back', 'deleted')),
  version text not null,
  sha256 bytea not null,
  actor_id uuid references principal on delete set null,
  created_at timestamptz not null default now()
);
create index agent_package_event_agent on agent_package_event (agent_id, id desc);
create index agent_package_event_workspace on agent_package_event (workspace_id);
create index agent_package_event_actor on agent_package_event (actor_id) where actor_id is not null;

-- A program of a package is a tool server of one agent alone, which offers what consent was given to and nothing else.
alter table mcp_server add column agent_id uuid references agent on delete cascade;
alter table mcp_server add column package_version_id uuid references agent_package_version on delete cascade;
-- {tool: permission}. Null: all that it lists, each asked for.
alter table mcp_server add column offers jsonb;
alter table mcp_server add constraint mcp_server_package check ((agent_id is null) = (package_version_id is null) and (package_version_id is null or transport = 'stdio'));
create index mcp_server_agent on mcp_server (agent_id) where agent_id is not null;
create index mcp_server_package_version on mcp_server (package_version_id) where package_version_id is not null;
