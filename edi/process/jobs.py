"""The names of the EDI jobs, in one place for those who enqueue and those who handle."""

POLL_JOB = "edi.poll_mailboxes"
READ_JOB = "edi.read_file"
RESEND_JOB = "edi.resend_answers"
TAKE_JOB = "edi.take_document"
DELIVER_JOB = "edi.deliver"
WATCH_JOB = "edi.watch_acks"
DUE_JOB = "edi.watch_deadlines"
