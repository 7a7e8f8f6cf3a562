-- What a workspace lets its models use beside the server's own tools: HTTP APIs, databases to read, a search of the web.

create table custom_tool (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  kind text not null check (kind in ('http_api', 'database', 'web_search')),
  name text not null,
  -- The beginning of its tools' names. Stays as it is when the name changes: conversations hold it.
  slug text not null,
  description text not null default '',
  -- By kind: where it is and how it is asked; nothing that must be kept secret.
  configuration jsonb not null,
  -- One sealed JSON object, bound to where it is sent.
  sealed_credentials bytea,
  is_enabled boolean not null default true,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  unique (workspace_id, slug)
);

create table custom_tool_operation (
  id uuid primary key,
  workspace_id uuid not null,
  custom_tool_id uuid not null references custom_tool on delete cascade,
  -- The end of the name that models know: <slug>__<name>.
  name text not null,
  description text not null,
  permission text not null check (permission in ('allow', 'ask', 'deny')),
  -- May run again after an interruption.
  is_repeatable boolean not null,
  -- What models are told of the arguments, as JSON Schema.
  input_schema jsonb not null,
  -- How a call is made of the arguments; of an HTTP API only.
  binding jsonb,
  position int not null,
  unique (custom_tool_id, name)
);
create index custom_tool_operation_workspace on custom_tool_operation (workspace_id);

insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000000801', 'custom-tool:*', 'custom-tool', '*'),
  ('00000000-0000-7000-8000-000000000802', 'custom-tool:read', 'custom-tool', 'read');

insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000801'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000802');
