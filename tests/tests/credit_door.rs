//! The credit door: reference files, reports, and the job.

#[path = "credit_door/exact.rs"]
mod exact;
#[path = "credit_door/formats.rs"]
mod formats;
#[path = "credit_door/job.rs"]
mod job;
#[path = "credit_door/line.rs"]
mod line;
#[path = "credit_door/page.rs"]
mod page;
#[path = "credit_door/reports.rs"]
mod reports;
