-- A workspace's public page: who it is about, links and questions. Read by strangers at /@slug; changed by who holds `page` policies in the
-- workspace, or a role at scope 'page'.
create table page (
  id uuid primary key,
  -- Zero or one page a workspace.
  workspace_id uuid not null unique references workspace on delete cascade,
  -- Looked up before anybody is known, so it is unique on the whole server.
  slug text not null unique,
  display_name text not null,
  email text,
  avatar_url text,
  bio text,
  tagline text,
  social_links jsonb not null default '[]',
  theme_config jsonb not null default '{}',
  is_published boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Addresses that a page had once. They lead to it for as long as it exists, and no other page can take them.
create table page_slug_redirect (
  slug text primary key,
  workspace_id uuid not null references workspace on delete cascade,
  page_id uuid not null references page on delete cascade,
  created_at timestamptz not null default now()
);
create index page_slug_redirect_page on page_slug_redirect (page_id);
create index page_slug_redirect_workspace on page_slug_redirect (workspace_id);

create table page_link (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  page_id uuid not null references page on delete cascade,
  title text not null,
  url text not null,
  icon text,
  description text,
  sort_order int not null default 0,
  is_active boolean not null default true,
  -- Followed from the page; nothing is kept of who did.
  click_count bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index page_link_page on page_link (page_id, sort_order, id);
create index page_link_workspace on page_link (workspace_id);

create table page_faq (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  page_id uuid not null references page on delete cascade,
  question text not null,
  answer text not null,
  category text,
  sort_order int not null default 0,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index page_faq_page on page_faq (page_id, sort_order, id);
create index page_faq_workspace on page_faq (workspace_id);

-- `page:share` is what strangers notice: the address, publishing, and who else may work on it.
insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000000201', 'page:read', 'page', 'read'),
  ('00000000-0000-7000-8000-000000000202', 'page:create', 'page', 'create'),
  ('00000000-0000-7000-8000-000000000203', 'page:update', 'page', 'update'),
  ('00000000-0000-7000-8000-000000000204', 'page:delete', 'page', 'delete'),
  ('00000000-0000-7000-8000-000000000205', 'page:share', 'page', 'share');

-- The role Admin holds everything already.
insert into role_policy (role_id, policy_id)
select '00000000-0000-7000-8000-000000000012', id from policy where resource = 'page';

-- Given at scope 'page' only.
insert into role (id, workspace_id, name, display_order) values
  ('00000000-0000-7000-8000-000000000014', '00000000-0000-7000-8000-000000000001', 'page admin', 4),
  ('00000000-0000-7000-8000-000000000015', '00000000-0000-7000-8000-000000000001', 'page editor', 5),
  ('00000000-0000-7000-8000-000000000016', '00000000-0000-7000-8000-000000000001', 'page viewer', 6);

insert into role_policy (role_id, policy_id)
select '00000000-0000-7000-8000-000000000014', id from policy where resource = 'page' and action in ('read', 'update', 'share');
insert into role_policy (role_id, policy_id)
select '00000000-0000-7000-8000-000000000015', id from policy where resource = 'page' and action in ('read', 'update');
insert into role_policy (role_id, policy_id)
select '00000000-0000-7000-8000-000000000016', id from policy where resource = 'page' and action = 'read';
create index role_grant_scope on role_grant (scope, scope_id);
