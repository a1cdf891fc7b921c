use sparkq_store::SaveProject;

use super::{Answer, Queue};
use crate::config::Project;

impl Queue {
    /// Writes the project's row as `sparkq.toml` has it.
    pub(crate) async fn save_project(&self) -> Answer<()> {
        let request = self.project_row(&self.project());
        let done = self.access.write(request).await?;
        Ok(sparkq_store::Done {
            value: (),
            seq: done.seq,
        })
    }

    /// The project's row.
    pub(super) fn project_row(&self, project: &Project) -> SaveProject {
        let project = &project.config.project;
        SaveProject {
            name: project.name.clone(),
            repo_path: project.repo_path.clone(),
            prd_path: project.prd_path.clone(),
            now: self.now(),
        }
    }
}
