use serde::{Deserialize, Serialize};

use super::{Activity, Counts};
use crate::id::{SessionId, StreamId};
use crate::name::Name;
use crate::time::Time;

/// A FIFO lane of tasks, with instructions for whoever works on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stream {
    /// Its id.
    pub id: StreamId,
    /// The session it belongs to.
    pub session_id: SessionId,
    /// That session's name.
    pub session_name: Name,
    /// Its name, unique among the active ones.
    pub name: Name,
    /// What a worker is to keep in mind: a mini spec, Markdown.
    #[serde(default)]
    pub instructions: String,
    /// Whether it takes and hands out work; `ended` too when its session is.
    pub status: Activity,
    /// Its tasks, by status.
    pub counts: Counts,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// What a task says about its stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StreamBrief {
    /// Its id.
    pub id: StreamId,
    /// Its name.
    pub name: Name,
    /// Its instructions.
    pub instructions: String,
}

/// Asks for a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewStream {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(value_type = Name))]
    pub name: String,
    /// The session it is to belong to: id or name.
    pub session_id: String,
    /// Its instructions.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 262_144))]
    pub instructions: String,
}

/// Changes a stream; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditStream {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Name>))]
    pub name: Option<String>,
    /// Its new instructions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 262_144))]
    pub instructions: Option<String>,
    /// `ended` ends it, `active` reopens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Activity>,
}
