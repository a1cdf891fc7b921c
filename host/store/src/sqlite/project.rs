use rusqlite::{Connection, OptionalExtension, named_params};

use super::{Run, Tx};
use crate::error::{Error, Fault};
use crate::read::Project;
use crate::request::SaveProject;

impl Run for SaveProject {
    fn run(&self, tx: &Tx<'_>) -> Result<Project, Error> {
        let mut save = tx.sql(
            "INSERT INTO projects (id, name, repo_path, prd_path, created_at, updated_at)
             VALUES (1, :name, :repo_path, :prd_path, :now, :now)
             ON CONFLICT (id) DO UPDATE SET name = :name, repo_path = :repo_path, prd_path = :prd_path, updated_at = :now",
        )?;
        save.execute(named_params! {
            ":name": self.name,
            ":repo_path": self.repo_path,
            ":prd_path": self.prd_path,
            ":now": self.now.as_millis(),
        })?;
        Ok(Project {
            name: self.name.clone(),
            repo_path: self.repo_path.clone(),
            prd_path: self.prd_path.clone(),
        })
    }
}

pub(super) fn read(conn: &Connection) -> Result<Option<Project>, Fault> {
    let mut select = conn.prepare_cached("SELECT name, repo_path, prd_path FROM projects")?;
    let project = |row: &rusqlite::Row<'_>| {
        Ok(Project {
            name: row.get(0)?,
            repo_path: row.get(1)?,
            prd_path: row.get(2)?,
        })
    };
    Ok(select.query_row([], project).optional()?)
}
