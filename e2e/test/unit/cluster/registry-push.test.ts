import assert from "node:assert/strict";
import { imagesOptions } from "../../../cluster/options.ts";
import { imageValues, type PlatformImages } from "../../../cluster/platform-images.ts";
import { pushTargets, reasonOf } from "../../../cluster/registry-push.ts";

const images: PlatformImages = {
  stores: [{ name: "redis", image: "jatra/redis:aaa", built: false }],
  services: [{ name: "auth-service", image: "jatra/auth-service:bbb", built: false }],
  operator: { name: "jatra-operator", image: "jatra/jatra-operator:ccc", built: false },
  platformTag: "ddd",
};

describe("options of images", () => {
  it("take a repository, or none", () => {
    assert.deepEqual(imagesOptions([]), {});
    const repository = { push: "registry.example.com:5000/team/jatra" };
    assert.deepEqual(
      imagesOptions(["--push", "registry.example.com:5000/team/jatra/"]),
      repository,
    );
    assert.deepEqual(imagesOptions(["--push", "team"]), { push: "team" });
  });

  const refusals = [
    { name: "no repository", args: ["--push"], message: /--push.*--help/ },
    {
      name: "an address",
      args: ["--push", "https://registry.example.com/jatra"],
      message: /without https/,
    },
    { name: "a tag", args: ["--push", "registry.example.com/jatra:1"], message: /without a tag/ },
    { name: "capitals", args: ["--push", "registry.example.com/Jatra"], message: /lower case/ },
    { name: "a host alone", args: ["--push", "registry.example.com:5000"], message: /host\/path/ },
    { name: "nothing in it", args: ["--push", ""], message: /no repository/ },
  ];
  for (const { name, args, message } of refusals) {
    it(`refuse ${name} with one sentence`, () => {
      assert.throws(() => imagesOptions(args), { name: "Failure", message });
    });
  }
});

describe("images in a registry", () => {
  it("have tags by content, and values that name exactly what was pushed", () => {
    const prefix = "registry.example.com/jatra";
    const targets = pushTargets(images, prefix).map(([, target]) => target);
    assert.deepEqual(targets, [
      "registry.example.com/jatra/redis:aaa",
      "registry.example.com/jatra/auth-service:ddd",
      "registry.example.com/jatra/jatra-operator:ccc",
    ]);
    const values = imageValues(images, prefix);
    assert.deepEqual(values, {
      "image.repository": "registry.example.com/jatra/jatra-operator",
      "image.tag": "ccc",
      "platform.image.repository": "registry.example.com/jatra",
      "platform.image.tag": "ddd",
      "platform.storeImages.redis": "registry.example.com/jatra/redis:aaa",
    });
  });

  const answers = [
    ["dial tcp 10.0.0.1:443: connect: connection refused", /doesn't answer/],
    ["dial tcp: lookup r.example: no such host", /doesn't answer/],
    ["no basic auth credentials", /docker login r.example and this again/],
    ["denied: requested access to the resource is denied", /docker login r.example/],
    ["http: server gave HTTP response to HTTPS client", /insecure-registries/],
    ["tls: failed to verify certificate: x509: unknown authority", /certs.d\/r.example/],
    ["line\nblob upload invalid", /^blob upload invalid$/],
  ] as const;
  for (const [output, words] of answers) {
    it(`say what to do about «${output.slice(0, 40)}»`, () => {
      assert.match(reasonOf(output, "r.example/jatra/redis:aaa"), words);
    });
  }
});
