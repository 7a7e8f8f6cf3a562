// What the web app needs of packages without their schemas.

/** Of an archive. */
export const maxPackageBytes = 20 * 1024 * 1024

/**
 * unconfined: its tools run without a sandbox, since an administrator allows it · not_confined: there is no sandbox, so its tools cannot run · no_runtime: what runs them is missing ·
 * no_network: the sandbox of this server can let nothing through to its hosts · network: it reaches hosts · runs_unasked: a tool runs without asking · older: than what is installed.
 */
export const packageNotes = ['unconfined', 'not_confined', 'no_runtime', 'no_network', 'network', 'runs_unasked', 'older'] as const
