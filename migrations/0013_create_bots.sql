-- What answers the visitors of a page, which has one from its beginning. Its `agent_id` (0022) names who answers.
create table bot (
  page_id uuid primary key references page on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  is_enabled boolean not null default false,
  greeting_message text not null default 'Hello! How can I help?',
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
  created_at timestamptz not null default now()
);
create index visitor_page on visitor (page_id);
create index visitor_workspace on visitor (workspace_id);

-- The messages of a visitor that count for a day (UTC), each once however often it is sent. Kept for as long as they count.
create table visitor_answer (
  visitor_id uuid not null references visitor on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  day date not null,
  message_id uuid not null,
  primary key (visitor_id, day, message_id)
);
create index visitor_answer_day on visitor_answer (day);
create index visitor_answer_workspace on visitor_answer (workspace_id);

-- A visitor's session on a page: one conversation. It ends by time, or because the visitor ends it.
create table visit (
  conversation_id uuid primary key references conversation on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  page_id uuid not null references page on delete cascade,
  visitor_id uuid not null references visitor on delete cascade,
  is_active boolean not null default true,
  last_active_at timestamptz not null default now(),
  ended_at timestamptz
);
-- One at a time, however many tabs begin it at once.
create unique index visit_active on visit (visitor_id) where is_active;
create index visit_timely on visit (last_active_at) where is_active;
create index visit_page on visit (page_id);
-- A page that is deleted takes its visitors along, and each of them looks for visits.
create index visit_visitor on visit (visitor_id);
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
create index unanswered_page on unanswered (page_id, last_asked_at desc, id);

-- Counts a question where it was asked before in the same words, once a turn.
create function note_unanswered(in_page uuid, in_question text, in_reason text, in_turn uuid) returns void language plpgsql as $$
begin
  insert into unanswered as known (id, workspace_id, page_id, question, question_hash, reason, turn_id)
  select gen_random_uuid(), p.workspace_id, p.id, left(in_question, 2000), sha256(convert_to(btrim(regexp_replace(lower(in_question), '[[:space:][:punct:]]+', ' ', 'g')), 'UTF8')),
    in_reason, in_turn
  from page p where p.id = in_page
  on conflict (page_id, question_hash) do update set reason = excluded.reason, last_asked_at = now(),
    times_asked = known.times_asked + (excluded.turn_id is null or known.turn_id is distinct from excluded.turn_id)::int, turn_id = excluded.turn_id;
end
$$;

-- A visitor's turn that failed leaves its question to the page's owner.
create function note_failed_turn(in_turn uuid) returns void language plpgsql as $$
begin
  perform note_unanswered(v.page_id, m.parts -> 0 ->> 'text', 'failed', in_turn)
  from turn n join visit v on v.conversation_id = n.conversation_id join message m on m.id = n.user_message_id
  where n.id = in_turn;
end
$$;
