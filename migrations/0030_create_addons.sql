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
