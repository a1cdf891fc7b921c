//! Compiled components between processes.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sparkq_runtime::{Runtime, Settings};
use tempfile::TempDir;

use crate::bench::plugin;

/// A component that is compiled in no time.
fn describe_with(cache_dir: &Path) {
    let module = include_str!("../guests/counter.wat");
    let text = include_str!("../guests/about.frame.wat").replace("(; GUEST ;)", module);
    let bytes = wat::parse_str(text).expect("a component");
    let settings = Settings {
        cache_dir: Some(cache_dir.into()),
        ..Settings::default()
    };
    let record = Runtime::new(settings, vec![plugin("guest", bytes)])
        .describe("guest")
        .expect("described");
    assert_eq!(record.version, "1");
}

fn artefact(cache_dir: &Path) -> PathBuf {
    let files = fs::read_dir(cache_dir)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    files
        .into_iter()
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "cwasm")
        })
        .expect("an artefact")
}

fn inode(path: &Path) -> u64 {
    fs::metadata(path).expect("there").ino()
}

#[test]
fn a_compiled_component_is_kept_for_this_user_alone_and_used_again() {
    let folder = TempDir::new().expect("a folder");
    let cache = folder.path().join("sparkq/compiled");
    describe_with(&cache);
    assert_eq!(fs::metadata(&cache).expect("made").mode() & 0o777, 0o700);
    let artefact = artefact(&cache);
    assert_eq!(
        fs::metadata(&artefact).expect("there").mode() & 0o777,
        0o600
    );
    let kept = inode(&artefact);
    describe_with(&cache);
    assert_eq!(inode(&artefact), kept, "not written again");
}

#[test]
fn a_damaged_artefact_is_noticed_before_it_is_loaded_and_compiled_again() {
    let folder = TempDir::new().expect("a folder");
    describe_with(folder.path());
    let artefact = artefact(folder.path());
    let whole = fs::read(&artefact).expect("read");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [&whole[..whole.len() / 2], &flipped, &[]] {
        fs::write(&artefact, damaged).expect("damaged");
        describe_with(folder.path());
        assert_eq!(fs::read(&artefact).expect("read").len(), whole.len());
    }
    fs::remove_file(artefact.with_extension("sha256")).expect("removed");
    describe_with(folder.path());
    assert!(artefact.with_extension("sha256").exists());
}

#[test]
fn a_folder_that_others_may_write_to_is_not_used() {
    let folder = TempDir::new().expect("a folder");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).expect("opened");
    describe_with(folder.path());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
