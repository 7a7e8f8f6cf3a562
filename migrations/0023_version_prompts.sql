-- What was is read again: by whoever wrote it, by those who could read it then, and by what names a version for good.

alter table prompt_version
  -- When it was the newest of a prompt that others may use: those read it from then on, and no version that they never saw.
  add column shared_at timestamptz,
  -- When something (an agent) named it for good. Such a prompt is never purged.
  add column pinned_at timestamptz;

update prompt_version v set shared_at = now()
from prompt p where p.id = v.prompt_id and p.version = v.number and p.visibility = 'workspace';

create index prompt_version_pinned on prompt_version (prompt_id) where pinned_at is not null;
