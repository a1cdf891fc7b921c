use sparkq_store::SaveProject;

use super::{Answer, Queue};

impl Queue {
    /// Writes the project's row as `sparkq.toml` has it.
    pub(crate) async fn save_project(&self) -> Answer<()> {
        let project = &self.project.config.project;
        let request = SaveProject {
            name: project.name.clone(),
            repo_path: project.repo_path.clone(),
            prd_path: project.prd_path.clone(),
            now: self.now(),
        };
        let done = self.access.write(request).await?;
        Ok(sparkq_store::Done {
            value: (),
            seq: done.seq,
        })
    }
}
