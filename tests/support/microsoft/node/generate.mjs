// Prints JSON Schemas of the types in held.ts, made from Microsoft's own TypeScript.
import { readFileSync } from "node:fs";
import { createGenerator } from "ts-json-schema-generator";

const ROOT = "Held";
const NOTICE =
  "Made of @microsoft/microsoft-graph-types, Copyright (c) Microsoft, MIT License.";
const PREFIX = "#/definitions/";
const made = createGenerator({
  path: "held.ts",
  tsconfig: "tsconfig.json",
  type: ROOT,
  skipTypeCheck: true,
  jsDoc: "none",
}).createSchema(ROOT).definitions;
const nameOf = (ref) => decodeURIComponent(ref.slice(PREFIX.length));
const held = new Set(
  Object.values(made[ROOT].properties).map(({ $ref }) => nameOf($ref)),
);
const kept = {};

// Other entities are navigation: nobody sends them along, so anything may stand there.
const isNavigation = (name) => !held.has(name) && made[name].properties?.id;
const isNameless = (name) => name.startsWith("NullableOption<");

const byName = ([one], [other]) => (one < other ? -1 : 1);
const sorted = (entries) => Object.fromEntries(entries.sort(byName));

function settled(schema) {
  if (Array.isArray(schema)) return schema.map(settled);
  if (typeof schema !== "object" || schema === null) return schema;
  if (schema.$ref) return referred(nameOf(schema.$ref));
  const entries = Object.entries(schema);
  return sorted(entries.map(([key, value]) => [key, settled(value)]));
}

function referred(name) {
  if (isNameless(name)) return settled(made[name]);
  if (isNavigation(name)) return {};
  if (!(name in kept)) {
    kept[name] = {}; // it may refer to itself
    kept[name] = settled(made[name]);
  }
  return { $ref: PREFIX + name };
}

const types = settled(made[ROOT].properties);
const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
const definitions = sorted(Object.entries(kept));
console.log(
  JSON.stringify(
    { notice: NOTICE, madeFrom: devDependencies, types, definitions },
    null,
    1,
  ),
);
