//! Keeping the queue out of version control, without touching a file of the repository's own.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use crate::config::Checkout;

/// Adds the database at `database`, and the folder of what runs beside it, to `info/exclude` of the repository they lie
/// in, unless they stand there. Outside of a repository there is nothing to do.
pub(super) fn exclude(database: &Path) -> io::Result<()> {
    let folder = fs::canonicalize(database.parent().unwrap_or(Path::new("/")))?;
    let Some(checkout) = Checkout::of(&folder) else {
        return Ok(());
    };
    let Ok(below) = folder.strip_prefix(&checkout.root) else {
        return Ok(());
    };
    let file = checkout.common.join("info/exclude");
    let old = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let mut new = String::new();
    if !old.is_empty() && !old.ends_with('\n') {
        new.push('\n');
    }
    let name = database.file_name().unwrap_or_default().to_string_lossy();
    let wanted = [format!("{}*", escape(&name)), ".sparkq/".to_owned()];
    for name in wanted {
        let below = escape(&below.to_string_lossy());
        let pattern = if below.is_empty() {
            name
        } else {
            format!("/{below}/{name}")
        };
        if !old.lines().any(|line| line == pattern) {
            new.push_str(&pattern);
            new.push('\n');
        }
    }
    if new.trim().is_empty() {
        return Ok(());
    }
    fs::create_dir_all(checkout.common.join("info"))?;
    let mut file = OpenOptions::new().append(true).create(true).open(file)?;
    file.write_all(new.as_bytes())
}

/// A path as a pattern that means it alone.
fn escape(path: &str) -> String {
    let special = |c| matches!(c, '*' | '?' | '[' | '\\' | '!' | '#' | ' ');
    path.chars()
        .flat_map(|c| special(c).then_some('\\').into_iter().chain([c]))
        .collect()
}
