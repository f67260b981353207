import pg from "pg";
import { databaseSecretName } from "../../operator/src/metadata/names.ts";
import { SERVICES } from "../../operator/src/metadata/services.ts";
import { secret } from "./on-cluster.ts";

type Login = { readonly username: string; readonly password: string };

export type GivenDatabase = {
  readonly service: string;
  /** Name of the Secret that the operator takes the login from. */
  readonly secretName: string;
  readonly database: string;
  /** The database's owner, named as people name them. */
  readonly login: Login;
};

/** One a service, by the names that the operator expects. */
export const GIVEN_DATABASES: readonly GivenDatabase[] = SERVICES.flatMap(({ name, database }) =>
  database === undefined
    ? []
    : [
        {
          service: name,
          secretName: databaseSecretName(name),
          database: database.name,
          login: { username: `${name}@team`, password: `p@ss/w"rd?#1 é of ${name}` },
        },
      ],
);

/** What somebody does who gives nobody a login that may make databases: each login gets into its own database alone. */
export const statementsThatMake = (given: readonly GivenDatabase[]): string[] =>
  given.flatMap(({ database, login }) => {
    const owner = pg.escapeIdentifier(login.username);
    return [
      `CREATE ROLE ${owner} LOGIN PASSWORD ${pg.escapeLiteral(login.password)}`,
      `CREATE DATABASE ${database} OWNER ${owner}`,
      `REVOKE CONNECT, TEMPORARY ON DATABASE ${database} FROM PUBLIC`,
    ];
  });

/** A second login, which acts as the owner: what it makes belongs to the owner. */
export const statementsThatAdd = (added: Login, owner: Login): string[] => {
  const [name, role] = [added, owner].map(({ username }) => pg.escapeIdentifier(username));
  return [
    `CREATE ROLE ${name} LOGIN PASSWORD ${pg.escapeLiteral(added.password)} IN ROLE ${role}`,
    `ALTER ROLE ${name} SET role TO ${role}`,
  ];
};

export const loginSecret = ({ secretName, login }: Pick<GivenDatabase, "secretName" | "login">) =>
  secret(secretName, login);
