-- What answers the visitors of a page. A page without a row has the defaults, and is silent.
create table bot (
  page_id uuid primary key references page on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  is_enabled boolean not null default false,
  system_prompt text,
  greeting_message text not null default 'Hello! How can I help?',
  -- Null: as the workspace has it.
  model_id uuid references model on delete set null,
  -- Null: the model's own.
  temperature double precision default 0.7,
  enabled_tools jsonb not null default '["links", "faq"]',
  quick_actions jsonb not null default '[]',
  visitor_daily_limit int not null default 30,
  daily_limit int not null default 500,
  visit_minutes int not null default 30,
  -- Sites that may show it as a widget.
  allowed_origins jsonb not null default '[]',
  updated_at timestamptz not null default now()
);
create index bot_workspace on bot (workspace_id);

-- Messages that a model was asked to answer on a day (UTC). Counted before the model is asked.
create table bot_day (
  page_id uuid not null references page on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  day date not null,
  answers int not null,
  primary key (page_id, day)
);
create index bot_day_workspace on bot_day (workspace_id);

-- Somebody who wrote on a page. The id is the principal's, issued and signed by the server; nothing else is known of them.
create table visitor (
  id uuid primary key references principal on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  page_id uuid not null references page on delete cascade,
  -- The day (UTC) that `answers` counts.
  day date,
  answers int not null default 0,
  created_at timestamptz not null default now()
);
create index visitor_page on visitor (page_id);
create index visitor_workspace on visitor (workspace_id);

-- A visitor's session on a page: one conversation. It ends by time, or because the visitor ends it.
create table visit (
  conversation_id uuid primary key references conversation on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  page_id uuid not null references page on delete cascade,
  visitor_id uuid not null references visitor on delete cascade,
  is_active boolean not null default true,
  last_active_at timestamptz not null default now(),
  ended_at timestamptz,
  created_at timestamptz not null default now()
);
-- One at a time, however many tabs begin it at once.
create unique index visit_active on visit (visitor_id) where is_active;
create index visit_timely on visit (last_active_at) where is_active;
create index visit_page on visit (page_id);
create index visit_workspace on visit (workspace_id);

-- Questions of visitors that got no answer. The same words, whatever their case, are one question.
create table unanswered (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  page_id uuid not null references page on delete cascade,
  question text not null,
  question_hash bytea not null,
  reason text not null check (reason in ('unknown', 'failed')),
  times_asked int not null default 1,
  -- The turn that counted last: told twice by one turn, a question was asked once.
  turn_id uuid,
  last_asked_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (page_id, question_hash)
);
create index unanswered_workspace on unanswered (workspace_id);
