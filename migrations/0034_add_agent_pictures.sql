-- What an agent is shown with in place of its emoji. Small, and read one at a time, so it stands here and goes with the agent; a table of its own, so that no list of agents reads the bytes.

create table agent_picture (
  -- Another one with every change: browsers keep a picture by it.
  id uuid primary key,
  workspace_id uuid not null,
  agent_id uuid not null unique references agent on delete cascade,
  -- As its bytes say.
  mime text not null check (mime in ('image/png', 'image/jpeg', 'image/webp')),
  bytes bytea not null check (length(bytes) <= 524288),
  created_at timestamptz not null default now()
);
