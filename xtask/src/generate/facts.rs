//! The facts of one service: its description as copied, patched by the overlay, and who owns which shape.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

/// One service: its description, patched, and who owns which shape.
pub(super) struct Service {
    /// The Rust module: `idp`, `identity` or `sts`.
    pub(super) module: &'static str,
    /// The `Service` variant.
    pub(super) variant: &'static str,
    pub(super) prefix: String,
    /// What stands before the colon of an IAM action.
    pub(super) action_prefix: String,
    /// Member to the kind of resource it names, the first that an input has first.
    pub(super) resources: Vec<(String, String)>,
    pub(super) operations: BTreeMap<String, Value>,
    pub(super) shapes: BTreeMap<String, Value>,
    pub(super) capabilities: Vec<(String, Vec<String>)>,
    /// Shape name to the capability (or `common`) whose file holds it.
    pub(super) owner: BTreeMap<String, String>,
    pub(super) no_default: BTreeSet<String>,
    pub(super) callers: BTreeMap<String, String>,
    pub(super) blank_is_absent: BTreeSet<String>,
    /// Structure to the sentence saying what it is of.
    pub(super) role: BTreeMap<String, String>,
}

pub(super) fn read_json(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn strings(value: &Value, key: &str) -> Vec<String> {
    let list = value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

pub(super) fn object(value: &Value, key: &str) -> BTreeMap<String, Value> {
    let map = value.get(key).and_then(Value::as_object);
    map.map(|m| m.iter().map(|(k, v)| (k.clone(), v.clone())).collect()).unwrap_or_default()
}

/// The members of a structure in the description's order: (wire name, shape name).
pub(super) fn members(shape: &Value) -> Vec<(String, String)> {
    pairs(shape, "members")
}

/// A list of pairs of texts.
fn pairs(value: &Value, key: &str) -> Vec<(String, String)> {
    let list = value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|pair| {
            let name = pair.get(0)?.as_str()?;
            Some((name.to_owned(), pair.get(1)?.as_str()?.to_owned()))
        })
        .collect()
}

pub(super) fn flag(shape: &Value, key: &str) -> bool {
    shape.get(key).and_then(Value::as_bool).unwrap_or(false)
}

impl Service {
    pub(super) fn read(
        model: &Path,
        file: &str,
        module: &'static str,
        variant: &'static str,
        overlay: &Value,
    ) -> Result<Self, String> {
        let facts = read_json(&model.join(file))?;
        let operations = object(&facts, "operations");
        let mut shapes = object(&facts, "shapes");
        let patches = overlay.get("shapes").map(|s| object(s, module)).unwrap_or_default();
        for (name, patch) in patches {
            let shape = shapes.get_mut(&name).and_then(Value::as_object_mut);
            let shape = shape.ok_or_else(|| format!("overlay.json patches {name}, which {file} does not have"))?;
            let added = strings(&patch, "add_values");
            if !added.is_empty() {
                let values = shape.get_mut("enum").and_then(Value::as_array_mut);
                let values = values.ok_or_else(|| format!("overlay.json adds values to {name}, which is no enum"))?;
                values.extend(added.into_iter().map(Value::String));
            }
            for key in ["pattern", "sensitive"] {
                if let Some(value) = patch.get(key) {
                    shape.insert(key.to_owned(), value.clone());
                }
            }
        }
        let mut capabilities = Vec::new();
        let mut placed = BTreeSet::new();
        for capability in overlay.get("capabilities").and_then(Value::as_array).into_iter().flatten() {
            if text(capability, "service") == module {
                let names = strings(capability, "operations");
                placed.extend(names.iter().cloned());
                capabilities.push((text(capability, "name").to_owned(), names));
            }
        }
        if placed != operations.keys().cloned().collect() {
            return Err(format!("the capabilities of overlay.json do not hold every operation of {file} once"));
        }
        let callers = object(overlay, "callers");
        // A service of the Query protocol has none of its own: there the overlay names one.
        let prefix =
            facts.get("service").map(|service| text(service, "targetPrefix")).filter(|prefix| !prefix.is_empty());
        let prefix = prefix.or_else(|| overlay.get("target_prefixes").map(|prefixes| text(prefixes, module)));
        let prefix = prefix.unwrap_or_default().to_owned();
        let blank = overlay.get("blank_is_absent").map(|b| strings(b, "members")).unwrap_or_default();
        let mut service = Self {
            module,
            variant,
            prefix,
            action_prefix: file.trim_end_matches(".json").to_owned(),
            resources: overlay.get("resources").map(|all| pairs(all, module)).unwrap_or_default(),
            operations,
            shapes,
            capabilities,
            owner: BTreeMap::new(),
            no_default: BTreeSet::new(),
            callers: callers.into_iter().map(|(k, v)| (k, v.as_str().unwrap_or_default().to_owned())).collect(),
            blank_is_absent: blank.into_iter().collect(),
            role: BTreeMap::new(),
        };
        service.assign_owners();
        service.find_defaults();
        service.find_roles();
        Ok(service)
    }

    pub(super) fn shape(&self, name: &str) -> &Value {
        self.shapes.get(name).unwrap_or(&Value::Null)
    }

    /// A shape that one capability uses lives with it; a shared one in `common`.
    pub(super) fn assign_owners(&mut self) {
        let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (capability, names) in &self.capabilities {
            for operation in names.iter().filter_map(|n| self.operations.get(n)) {
                let mut seen = BTreeSet::new();
                for end in ["input", "output"] {
                    self.reach(text(operation, end), &mut seen);
                }
                for shape in seen {
                    users.entry(shape).or_default().insert(capability.clone());
                }
            }
        }
        self.owner = users
            .into_iter()
            .map(|(shape, set)| {
                let one = if set.len() == 1 { set.into_iter().next() } else { None };
                (shape, one.unwrap_or_else(|| "common".to_owned()))
            })
            .collect();
    }

    pub(super) fn reach(&self, name: &str, seen: &mut BTreeSet<String>) {
        if name.is_empty() || !seen.insert(name.to_owned()) {
            return;
        }
        let shape = self.shape(name);
        for (_, inner) in members(shape) {
            self.reach(&inner, seen);
        }
        for key in ["member", "key", "value"] {
            self.reach(text(shape, key), seen);
        }
    }

    /// A structure with a required enum, or a required structure without a default, has none.
    pub(super) fn find_defaults(&mut self) {
        loop {
            let mut more = Vec::new();
            for (name, shape) in &self.shapes {
                let required = strings(shape, "required");
                let blocked = members(shape).iter().any(|(member, inner)| {
                    required.contains(member)
                        && (self.shape(inner).get("enum").is_some() || self.no_default.contains(inner))
                });
                if blocked && !self.no_default.contains(name) {
                    more.push(name.clone());
                }
            }
            if more.is_empty() {
                return;
            }
            self.no_default.extend(more);
        }
    }

    pub(super) fn find_roles(&mut self) {
        for (name, operation) in &self.operations {
            for (end, word) in [("input", "Input"), ("output", "Output")] {
                let shape = text(operation, end);
                if !shape.is_empty() {
                    let role = self.role.entry(shape.to_owned()).or_insert_with(|| format!("{word} of"));
                    let comma = if role.ends_with("of") { "" } else { "," };
                    let _ = write!(role, "{comma} {name}");
                }
            }
        }
    }

    pub(super) fn is_document(&self, name: &str) -> bool {
        name == "Document" && text(self.shape(name), "type") == "structure"
    }

    pub(super) fn is_word(&self, name: &str) -> bool {
        self.shape(name).get("enum").is_some()
    }

    pub(super) fn owned_by(&self, capability: &str) -> Vec<&str> {
        self.owner.iter().filter(|(_, owner)| *owner == capability).map(|(shape, _)| shape.as_str()).collect()
    }
}
