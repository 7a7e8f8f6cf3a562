-- Which optional parts of the server are switched off. A part without a row is on.

create table addon_switch (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  addon text not null,
  is_enabled boolean not null,
  updated_by uuid references principal on delete set null,
  updated_at timestamptz not null default now(),
  unique (workspace_id, addon)
);
create index addon_switch_updated_by on addon_switch (updated_by) where updated_by is not null;

-- When a server of tools is asked next whether it is there, and how often it was not in a row.
alter table mcp_server
  add column check_at timestamptz,
  add column check_failures int not null default 0;
create index mcp_server_check on mcp_server (check_at) where is_enabled and transport <> 'stdio' and credentials = 'shared';
