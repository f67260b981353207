import { PEOPLE_ROLE } from "../metadata/names.ts";
import type { Platform } from "./platform.ts";

/** A role the bootstrap makes, and the variable its password comes in. */
export interface Role {
  readonly role: string;
  readonly passwordVariable: string;
}

/** The login roles: one a service, and one for people. */
export function roles(platform: Platform): readonly (Role & { readonly database?: string })[] {
  const services = platform.services.flatMap(({ facts }) =>
    facts.database === undefined
      ? []
      : [{ ...roleNamed(facts.database.role), database: facts.database.name }],
  );
  return [...services, roleNamed(PEOPLE_ROLE)];
}

function roleNamed(role: string): Role {
  return { role, passwordVariable: `${role.toUpperCase()}_PASSWORD` };
}

/**
 * SQL for psql that makes every database and role, and sets the passwords. Safe to run again:
 * it makes what is missing and never drops anything. Names come from our own table, passwords
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

function roleStatements({ role, passwordVariable }: Role, isOurs: boolean): string[] {
  // Only a superuser may name that attribute, even to take it away; new roles don't have it.
  const attributes = isOurs ? "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE" : "LOGIN";
  const variable = passwordVariable.toLowerCase();
  return [
    `\\getenv ${variable} ${passwordVariable}`,
    `SELECT 'CREATE ROLE ${role}' WHERE NOT EXISTS` +
      ` (SELECT FROM pg_roles WHERE rolname = '${role}') \\gexec`,
    `ALTER ROLE ${role} WITH ${attributes} PASSWORD :'${variable}';`,
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
