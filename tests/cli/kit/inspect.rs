//! `plugin inspect`: what a component is.

use serde_json::json;

use super::{fine, wat};
use crate::bench::TestQueue;
use crate::guests::Guest;

#[test]
fn inspect_shows_what_a_component_is_and_says_of_itself() {
    let folder = TestQueue::without_project();
    let mut guest = Guest::reading("a.txt", 10);
    guest.tools = fine().tools;
    folder.bytes("acme.wasm", &guest.component());
    insta::assert_snapshot!(folder.run(["plugin", "inspect", "acme.wasm"]), @r#"
    exit: 0
    ----- stdout -----
    version      1.0.0
    size         4726 bytes
    sha256       [DIGEST]
    interfaces   about, tools, payloads

    Needs
      files:data: to look at it

    Imports
      sparkq:plugin/files@1.0.0

    Exports
      sparkq:plugin/about@1.0.0
      sparkq:plugin/tools@1.0.0
      sparkq:plugin/payloads@1.0.0

    tool         act
    does         act
    class        LLM_LITE
    schema       {"type":"object","required":["text"],"properties":{"text":{"type":"string","maxLength":9},"to":{"enum":["de","fr"]}},"additionalProperties":false}
    "#);
    let json = folder.json(["--json", "plugin", "inspect", "acme.wasm"]);
    assert_eq!(json["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(json["interfaces"], json!(["about", "tools", "payloads"]));
    assert_eq!(json["needs"][0]["grant"], "files:data");
    assert_eq!(json["tools"][0]["name"], "act");
    assert_eq!(json["tools"][0]["payload_schema"]["required"][0], "text");
    folder.bytes("my plugin.wasm", &wat("(module)"));
    insta::assert_snapshot!(folder.run(["plugin", "inspect", "my plugin.wasm"]), @"
    exit: 1
    ----- stderr -----
    Error: my plugin.wasm cannot be looked into: it is a core module, not a component: build it for the target wasm32-wasip2, or make a component of it with `wasm-tools component new`
    Hint: see what helps: sparkq plugin check 'my plugin.wasm'
    ");
}
