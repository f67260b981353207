import { PEOPLE_ROLE } from "../metadata/names.ts";
import type { Platform } from "./platform.ts";
import { LOGIN_KINDS, loginRoles, type LoginKind } from "./secrets/logins.ts";

/** A role the bootstrap makes; of a database, its owner. */
export interface Role {
  readonly role: string;
  readonly database?: string;
}

/** The roles: one a service, and one for people. */
export function roles(platform: Platform): readonly Role[] {
  const services = platform.services.flatMap(({ facts }) =>
    facts.database === undefined
      ? []
      : [{ role: facts.database.role, database: facts.database.name }],
  );
  return [...services, { role: PEOPLE_ROLE }];
}

/** Variables in which the bootstrap gets a login of a role, such as `AUTH_SERVICE_NEXT_PASSWORD`. */
export function loginVariables(role: string, kind: LoginKind) {
  const prefix = `${role}_${kind.replace("-", "_")}`.toUpperCase();
  return { username: `${prefix}LOGIN`, password: `${prefix}PASSWORD` };
}

/**
 * SQL for psql that makes every database and role, and sets the passwords. Safe to run again:
 * it makes what is missing and never drops anything; a login that is no longer valid is locked. Names come from our own table, passwords
 * from the environment. An external server belongs to others as well, and its login needs CREATEDB and CREATEROLE alone:
 * what only a superuser may do is done where it is allowed.
 */
export function bootstrapSql(platform: Platform): string {
  const all = roles(platform);
  const isOurs = platform.postgres.embedded !== undefined;
  return [
    "\\set ON_ERROR_STOP on",
    "-- A failing statement would otherwise be logged with the password in it.",
    ...QUIET.map(({ setting, value }) =>
      isOurs ? `SET ${setting} TO ${value};` : ifAllowed(`SET ${setting} TO ${value}`),
    ),
    ...all.flatMap((role) => roleStatements(role, isOurs)),
    ...(isOurs
      ? [
          `GRANT pg_read_all_data TO ${PEOPLE_ROLE};`,
          "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;",
          "REVOKE CONNECT ON DATABASE template1 FROM PUBLIC;",
        ]
      : [ifAllowed(`GRANT pg_read_all_data TO ${PEOPLE_ROLE}`)]),
    ...all.flatMap(({ role, database }) =>
      database === undefined ? [] : databaseStatements(role, database),
    ),
    "",
  ].join("\n");
}

const QUIET = [
  { setting: "log_min_error_statement", value: "panic" },
  { setting: "log_statement", value: "'none'" },
  { setting: "log_min_duration_statement", value: "-1" },
] as const;

/** A statement that only superusers, or those who were given the right, may do; the rest goes on without. */
function ifAllowed(statement: string): string {
  return `DO $$ BEGIN ${statement}; EXCEPTION WHEN insufficient_privilege THEN RAISE NOTICE 'left out: %', SQLERRM; END $$;`;
}

function roleStatements({ role, database }: Role, isOurs: boolean): string[] {
  const accepted = LOGIN_KINDS.map((kind) => loginVariables(role, kind));
  const names = database === undefined ? [role] : loginRoles(role);
  const [owner, second] = names;
  return [
    ...names.flatMap((name) => [
      `SELECT 'CREATE ROLE ${name}' WHERE NOT EXISTS` +
        ` (SELECT FROM pg_roles WHERE rolname = '${name}') \\gexec`,
      // Only a superuser may name that attribute, even to take it away; new roles don't have it.
      ...(isOurs ? [`ALTER ROLE ${name} WITH NOSUPERUSER NOCREATEDB NOCREATEROLE;`] : []),
    ]),
    // Acts as the owner from its first statement on: what it makes belongs to the owner.
    ...(second === undefined
      ? []
      : [`GRANT ${owner} TO ${second};`, `ALTER ROLE ${second} SET role TO ${owner};`]),
    ...accepted.flatMap(({ username, password }) => [
      `\\set ${username} ''`,
      `\\getenv ${username} ${username}`,
      `\\getenv ${password} ${password}`,
      `\\if :{?${password}}`,
      `ALTER ROLE :"${username}" WITH LOGIN PASSWORD :'${password}';`,
      "\\endif",
    ]),
    "SELECT format('ALTER ROLE %I WITH NOLOGIN PASSWORD NULL', rolname) FROM pg_roles" +
      ` WHERE rolname IN (${names.map((name) => `'${name}'`).join(", ")}) AND rolcanlogin` +
      ` AND rolname NOT IN (${accepted.map(({ username }) => `:'${username}'`).join(", ")}) \\gexec`,
  ];
}

function databaseStatements(role: string, database: string): string[] {
  return [
    // The owner must be a role the current user can act as; a superuser always can.
    `GRANT ${role} TO CURRENT_USER;`,
    `SELECT 'CREATE DATABASE ${database} OWNER ${role}' WHERE NOT EXISTS` +
      ` (SELECT FROM pg_database WHERE datname = '${database}') \\gexec`,
    `ALTER DATABASE ${database} OWNER TO ${role};`,
    `REVOKE CONNECT, TEMPORARY ON DATABASE ${database} FROM PUBLIC;`,
    `GRANT CONNECT ON DATABASE ${database} TO ${PEOPLE_ROLE};`,
  ];
}
