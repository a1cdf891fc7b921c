//! The one table that gives every error its code, its HTTP status and its hint.

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $status:literal, $hint:literal;)*) => {
        /// What went wrong, for programs. Stands in `code` of an error answer.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $doc])* $name,)* }

        impl Code {
            /// Every code, in the order the docs list them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as it stands on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// When it is answered, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*).trim_ascii(),)* }
            }

            /// The HTTP status of an answer with this code.
            #[must_use]
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What helps, where the refusal itself knows nothing better; empty where nothing general does.
            #[must_use]
            pub const fn hint(self) -> &'static str {
                match self { $(Self::$name => $hint,)* }
            }
        }
    };
}

codes! {
    /// The command line itself is wrong: an unknown command or flag, or an argument that is missing.
    Usage = "USAGE", 400, "";
    /// A value cannot be what was asked for.
    InvalidValue = "INVALID_VALUE", 400, "";
    /// A text is not JSON, or not JSON that two readers would understand alike.
    InvalidJson = "INVALID_JSON", 400, "check the quoting, or pass the JSON as @file or - (standard input)";
    /// No such address in the API.
    RouteNotFound = "ROUTE_NOT_FOUND", 404, "see every address: /api/docs for people, /api/openapi.json for programs";
    /// The address is there, but not for this method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405, "";
    /// A body of another kind than JSON.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415, "send Content-Type: application/json";
    /// More than the limit for its kind.
    TooLarge = "TOO_LARGE", 413, "";
    /// The door is locked, and the request has no key, a wrong one, or a browser's sign-in that has run out.
    Unauthorized = "UNAUTHORIZED", 401, "send the header Authorization: Bearer TOKEN, or sign in with a browser at /login; the token is in SPARKQ_TOKEN or the [server] token_file of the server";
    /// The request names a host that this server does not go by.
    ForeignHost = "FOREIGN_HOST", 403, "on the server's machine, add the name to [server] allowed_hosts in sparkq.toml, then: sparkq reload";
    /// A web page of another origin tried to change something.
    ForeignOrigin = "FOREIGN_ORIGIN", 403, "";
    /// Nobody has this task id.
    TaskNotFound = "TASK_NOT_FOUND", 404, "see all tasks: sparkq tasks";
    /// Several tasks have an id that starts like this.
    TaskAmbiguous = "TASK_AMBIGUOUS", 409, "give more of the id";
    /// Nobody has this session id or name.
    SessionNotFound = "SESSION_NOT_FOUND", 404, "see all sessions: sparkq session list";
    /// Nobody has this stream id or name.
    StreamNotFound = "STREAM_NOT_FOUND", 404, "see all streams: sparkq stream list";
    /// No plugin defines this tool.
    ToolNotFound = "TOOL_NOT_FOUND", 404, "see all tools: sparkq tools";
    /// An active session or stream has this name.
    NameTaken = "NAME_TAKEN", 409, "choose another name";
    /// The session is ended: it takes and hands out nothing.
    SessionEnded = "SESSION_ENDED", 409, "reopen it, or see the active ones: sparkq session list";
    /// The stream is ended: it takes and hands out nothing.
    StreamEnded = "STREAM_ENDED", 409, "reopen it, or see the active ones: sparkq stream list";
    /// The key of a request was used for another one.
    KeyReused = "KEY_REUSED", 409, "give each request a key of its own";
    /// A bulk act means another number of tasks than its caller agreed to.
    CountDiffers = "COUNT_DIFFERS", 409, "ask again with dry_run, then name the count it answers";
    /// The task's status does not allow it.
    WrongState = "WRONG_STATE", 409, "";
    /// A claim must say from which stream.
    StreamRequired = "STREAM_REQUIRED", 400, "sparkq claim --stream STREAM";
    /// The tool's schema or its plugin rejects the payload.
    PayloadRejected = "PAYLOAD_REJECTED", 422, "";
    /// A result without a summary, or one that the tool's plugin rejects.
    ResultRejected = "RESULT_REJECTED", 422, "";
    /// No plugin goes by this name.
    PluginNotFound = "PLUGIN_NOT_FOUND", 404, "see all plugins: sparkq plugin list";
    /// Nobody has consented to the plugin on this machine, or not to what it is now.
    PluginNotApproved = "PLUGIN_NOT_APPROVED", 409, "see why: sparkq plugin list";
    /// The plugin cannot be loaded: its file is missing or differs, or it is no plugin.
    PluginBroken = "PLUGIN_BROKEN", 409, "see why: sparkq plugin list";
    /// The plugin failed too often in a row, and is left alone for a while.
    PluginQuarantined = "PLUGIN_QUARANTINED", 503, "see what it did: sparkq plugin logs; to try it now: sparkq reload";
    /// A component is no plugin that could be added.
    PluginUnfit = "PLUGIN_UNFIT", 422, "mend it as each fix says, and look again";
    /// A plugin's own build went wrong, or left no component.
    PluginBuildFailed = "PLUGIN_BUILD_FAILED", 422, "mend what the build complains of, and try again";
    /// A plugin does not pass its tests.
    PluginTestsFailed = "PLUGIN_TESTS_FAILED", 422, "";
    /// A plugin failed at its work, through no fault of the input.
    PluginFault = "PLUGIN_FAULT", 500, "";
    /// There is no project or database here.
    NoProject = "NO_PROJECT", 404, "make one in this folder: sparkq setup --yes";
    /// `sparkq.toml` cannot be used.
    ConfigInvalid = "CONFIG_INVALID", 400, "";
    /// The database cannot be used by this program.
    DatabaseUnusable = "DATABASE_UNUSABLE", 500, "";
    /// Another process kept the database locked for too long.
    DatabaseBusy = "DATABASE_BUSY", 503, "try again in a moment";
    /// A server of this project, or of another one in its folder, is running already.
    ServerRunning = "SERVER_RUNNING", 409, "";
    /// The stream has a watcher already.
    WatcherRunning = "WATCHER_RUNNING", 409, "";
    /// A process that was asked to end has not.
    StillRunning = "STILL_RUNNING", 409, "";
    /// The server is shutting down.
    ShuttingDown = "SHUTTING_DOWN", 503, "try again in a moment";
    /// The server did not answer, or not in a way that this program understands.
    ServerUnreachable = "SERVER_UNREACHABLE", 503, "see what was done: sparkq tasks; then try again";
    /// A command that works on the machine of the queue alone was given the address of a server.
    NotFromHere = "NOT_FROM_HERE", 400, "";
    /// A mistake of SparkQ's own.
    Internal = "INTERNAL", 500, "";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_spelled_once_and_has_an_error_status() {
        let spelled: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(spelled.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(
                (400..600).contains(&code.http_status()),
                "{}",
                code.as_str()
            );
        }
    }
}
