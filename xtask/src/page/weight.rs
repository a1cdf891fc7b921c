//! What a visit transfers.

use std::fmt::Write as _;

use super::is;
use crate::build::Files;

/// Tells what a first visit transfers with brotli, and what each part of the program adds when it is first needed.
pub(super) fn told(files: &Files) -> String {
    let html = files
        .get("ui/index.html")
        .map(|html| String::from_utf8_lossy(html));
    let named = |path: &str| {
        let address = path.trim_start_matches("ui");
        address == "/index.html" || html.as_ref().is_some_and(|html| html.contains(address))
    };
    let (mut first, mut later, mut total) = (String::new(), String::new(), 0);
    let plain = |path: &str| !is(path, "br") && !is(path, "gz");
    for (path, content) in files.iter().filter(|(path, _)| plain(path)) {
        let packed = files.get(&format!("{path}.br")).unwrap_or(content).len();
        let name = path.rsplit('/').next().unwrap_or(path);
        let list = if named(path) {
            total += packed;
            &mut first
        } else {
            &mut later
        };
        let _ = write!(list, ", {name} {}", kilobytes(packed));
    }
    format!(
        "a first visit transfers {}{first}\nparts that are loaded later{later}",
        kilobytes(total)
    )
}

/// Spells a number of bytes as `12.3 KB`.
fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_shell_names_comes_with_the_first_visit() {
        let files = [
            ("ui/index.html", "<script src=\"/assets/a/boot.js\">"),
            ("ui/assets/a/boot.js", "import './a.js'"),
            ("ui/assets/a/boot.js.br", "0123456789"),
            ("ui/assets/a/boot.js.gz", "0123456789abc"),
            ("ui/assets/a/task.wasm", "wasm"),
        ];
        let files = files.map(|(path, content)| (path.to_owned(), content.as_bytes().to_vec()));
        assert_eq!(
            told(&Files::from(files)),
            "a first visit transfers 0.0 KB, boot.js 0.0 KB, index.html 0.0 KB\n\
             parts that are loaded later, task.wasm 0.0 KB"
        );
    }
}
