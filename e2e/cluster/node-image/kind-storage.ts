import { readFile } from "node:fs/promises";
import { join } from "node:path";

export type Storage = {
  /** The name under which kind's manifest asks for the provisioner. */
  provisionerImage: string;
  /** The image of the pods that make and remove the folders of volumes. */
  helperImage: string;
  /** The manifest that kind applies for its default storage class. */
  manifest: string;
};

/**
 * Reads what kind installs as default storage. It lives in a Go constant of its source, not in a file of its own;
 * reading it there keeps names and manifest those of the very kind that will apply it.
 */
export async function readStorage(kindFolder: string): Promise<Storage> {
  const file = join(kindFolder, "pkg/build/nodeimage/const_storage.go");
  const source = await readFile(file, "utf8");
  const constant = (name: string): string => {
    const value = new RegExp(`^const ${name} = "(.*)"$`, "m").exec(source)?.[1];
    if (value === undefined) throw new Error(`${file} has no constant ${name}`);
    return value;
  };
  const provisionerImage = constant("storageProvisionerImage");
  const helperImage = constant("storageHelperImage");
  const raw = /^const defaultStorageManifest = `\n([\s\S]*?)^`/m.exec(source)?.[1];
  if (raw === undefined) throw new Error(`${file} has no constant defaultStorageManifest`);
  const manifest = raw
    .replaceAll("` + storageProvisionerImage + `", provisionerImage)
    .replaceAll("` + storageHelperImage + `", helperImage);
  return { provisionerImage, helperImage, manifest };
}
