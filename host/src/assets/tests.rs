use std::fmt::Write as _;

use sparkq_runtime::Source;

use super::*;

/// The most bytes that a first visit may transfer, with brotli.
const FIRST_VISIT: usize = 200_000;

fn text(path: &str) -> String {
    let plain = page(path, &[]).expect("a file of the page");
    String::from_utf8_lossy(&plain.bytes).into_owned()
}

/// The addresses that the shell names.
fn named_by_the_shell() -> Vec<String> {
    text("/")
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_shell_may_change_and_what_it_names_may_not() {
    let shell = page("/", &[]).expect("the shell is embedded");
    assert_eq!(shell.content_type, "text/html; charset=utf-8");
    assert!(!shell.immutable);

    let named = named_by_the_shell();
    assert!(named.len() >= 2, "stylesheet and program: {named:?}");
    for path in named {
        assert!(
            page(&path, &[]).is_some_and(|asset| asset.immutable),
            "{path}"
        );
    }
    assert!(page("/assets/nothing.js", &[]).is_none());
}

#[test]
fn every_form_of_a_file_has_an_etag_of_its_own_and_no_address() {
    for path in named_by_the_shell() {
        let plain = page(&path, &[]).expect("a file");
        for packing in Packing::ALL {
            let packed = page(&path, &[packing]).expect("a file");
            assert_eq!(packed.content_type, plain.content_type);
            if packed.packing.is_some() {
                assert!(packed.bytes.len() < plain.bytes.len(), "{path}");
                assert_ne!(packed.etag, plain.etag, "{path}");
            }
            assert!(page(&format!("{path}{}", packing.ending()), &[]).is_none());
        }
    }
    let program = page("/", &Packing::ALL).expect("the shell");
    assert_eq!(program.packing, Some(Packing::Brotli));
    assert_eq!(
        page("/", &[Packing::Gzip]).and_then(|shell| shell.packing),
        Some(Packing::Gzip)
    );
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figures are of interest when they are fine, too"
)]
fn a_first_visit_transfers_less_than_200_kilobytes() {
    let mut visited = named_by_the_shell();
    visited.push("/".to_owned());
    let (mut table, mut total) = (String::new(), 0);
    for path in &visited {
        let sent = page(path, &[Packing::Brotli]).expect("a file").bytes.len();
        total += sent;
        let _ = writeln!(table, "{sent:>8} {path}");
    }
    println!("{table}{total:>8} in all");
    assert!(
        total < FIRST_VISIT,
        "a first visit transfers {total} bytes:\n{table}"
    );

    // What a module imports is part of the visit, so the shell has to name it.
    for path in visited.iter().filter(|path| path.ends_with("js")) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let module = text(path);
        let imports = module.lines().filter(|line| line.starts_with("import "));
        for import in imports {
            let from = import.split(['\'', '"']).nth(1).expect("an address");
            let imported = format!("{folder}/{}", from.trim_start_matches("./"));
            assert!(visited.contains(&imported), "{path} imports {imported}");
        }
    }
}

#[test]
fn plugins_are_components_with_their_digest() {
    let plugins = plugins();
    assert!(plugins.iter().any(|plugin| plugin.name == "scripts"));
    for plugin in plugins {
        let Source::Bytes(bytes) = plugin.source else {
            panic!("{} is in the program", plugin.name);
        };
        assert!(bytes.starts_with(b"\0asm"), "{}", plugin.name);
        assert_eq!(plugin.digest.len(), 64);
    }
}
