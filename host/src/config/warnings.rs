//! What a project can do without, but its owner should know of.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path};

use sparkq_core::Refusal;

use super::Project;

impl Project {
    /// What `sparkq.toml` names and is not there, or is not used. Each is a sentence.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut warnings = self.pending.clone();
        let folders = self.config.scripts.dirs.iter();
        warnings.extend(folders.filter_map(|folder| self.script_folder(folder)));
        let prd = &self.config.project.prd_path;
        if !prd.is_empty() && !self.root().join(prd).exists() {
            warnings.push(format!("[project] prd_path: there is no file `{prd}`"));
        }
        let repo = &self.config.project.repo_path;
        if !self.root().join(repo).is_dir() {
            warnings.push(format!("[project] repo_path: there is no folder `{repo}`"));
        }
        warnings
    }

    /// Refuses a script folder that is there but cannot be looked into.
    pub(crate) fn check_script_folders(&self) -> Result<(), Refusal> {
        for folder in &self.config.scripts.dirs {
            match fs::read_dir(self.root().join(folder)) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    let what = format!("[scripts] dirs: `{folder}` cannot be read: {error}");
                    return Err(self.invalid("scripts.dirs", &what, ""));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn script_folder(&self, folder: &str) -> Option<String> {
        let inside = |part| matches!(part, Component::CurDir | Component::Normal(_));
        if !Path::new(folder).components().all(inside) {
            return Some(format!(
                "[scripts] dirs: `{folder}` lies outside the project and is not looked at"
            ));
        }
        let missing = !self.root().join(folder).exists();
        missing.then(|| format!("[scripts] dirs: there is no folder `{folder}`"))
    }
}
