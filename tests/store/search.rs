use sparkq_store::{IndexTasks, Page, PurgeTasks, Store, TaskFilter, TaskQuery};

use crate::{TestStore, done, task, worker};

impl TestStore {
    fn index(&mut self) {
        while self.ask(IndexTasks { limit: 3 }).expect("no refusal") > 0 {}
    }

    fn found(&self, text: &str) -> usize {
        let query = TaskQuery {
            filter: TaskFilter {
                text: Some(text.into()),
                ..TaskFilter::default()
            },
            ..TaskQuery::default()
        };
        let look = self.store.read().expect("a look");
        look.tasks(&query).expect("tasks").items.len()
    }
}

#[test]
fn what_is_found_comes_newest_first_page_by_page_whatever_else_narrows_it() {
    let mut test = TestStore::new();
    test.stream("a");
    for label in ["login 1", "logout", "login 2", "login 3"] {
        let now = test.tick();
        test.ask(task("a", label, now)).expect("queued");
    }
    test.index();
    let look = test.store.read().expect("a look");
    for stream in [None, Some("a".to_owned())] {
        let mut query = TaskQuery {
            filter: TaskFilter {
                text: Some("login".into()),
                stream,
                ..TaskFilter::default()
            },
            page: Page {
                limit: 2,
                ..Page::default()
            },
        };
        let mut labels = Vec::new();
        loop {
            let page = look.tasks(&query).expect("tasks");
            assert_eq!(page.total, 3);
            labels.extend(page.items.into_iter().map(|task| task.label));
            let Some(next) = page.next_cursor else { break };
            query.page.cursor = Some(next.parse().expect("a place"));
        }
        assert_eq!(labels, ["login 3", "login 2", "login 1"]);
    }
}

#[test]
fn tasks_are_found_by_what_they_are_and_by_what_came_of_them() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    test.ask(task("a", "Build the login form", now))
        .expect("queued");
    assert_eq!(
        test.found("login"),
        0,
        "the search is not on the write path"
    );
    test.index();
    for text in ["login", "LOGIN form", "log", "form login"] {
        assert_eq!(test.found(text), 1, "{text}");
    }
    for text in ["logout", "login billing", "done", "out"] {
        assert_eq!(test.found(text), 0, "{text}");
    }
    let id = test.claim("a").expect("the task").id;
    test.finish(&id, done()).expect("ended");
    test.index();
    for text in ["done", "out", "login done"] {
        assert_eq!(test.found(text), 1, "{text}: once, as it is now");
    }
    for (text, found) in [
        ("", 1),
        ("  ", 1),
        ("*", 0),
        ("\"", 0),
        ("NOT (", 0),
        ("a:b", 0),
    ] {
        assert_eq!(
            test.found(text),
            found,
            "{text}: whatever is typed is no syntax"
        );
    }
}

#[test]
fn what_was_purged_is_no_longer_found() {
    let mut test = TestStore::new();
    test.stream("a");
    test.finished("a", done());
    test.index();
    assert_eq!(test.found("done"), 1);
    let now = test.tick();
    let request = PurgeTasks {
        filter: TaskFilter::default(),
        after: 0,
        limit: 10,
        request: None,
        actor: worker("test"),
        now,
    };
    test.ask(request).expect("purged");
    assert_eq!(test.found("done"), 0);
    test.index();
    test.finished("a", done());
    test.index();
    assert_eq!(
        test.found("done"),
        1,
        "and its place may be taken by another task"
    );
}
