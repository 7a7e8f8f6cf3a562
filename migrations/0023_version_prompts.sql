-- What was is read again: by whoever wrote it, and by those who could read it then.

alter table prompt_version
  -- When it was the newest of a prompt that others may use: those read it from then on, and no version that they never saw.
  add column shared_at timestamptz;

update prompt_version v set shared_at = now()
from prompt p where p.id = v.prompt_id and p.version = v.number and p.visibility = 'workspace';
