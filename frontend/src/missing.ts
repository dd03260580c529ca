// Says where the chosen framework cannot run here, with its size, and lets the operator install it.
import { call, pause, told } from "./api";
import { byId } from "./dom";
import type { Environment, Environments } from "./types";

const LOOK_AGAIN_MS = 2_000;

export class Missing {
  private known: Environments | null = null;
  private framework = "";
  private looking = false;

  constructor(private readonly changed: () => void) {
    byId("install").addEventListener("click", () => void this.install());
    void this.look();
  }

  /** The name of a framework as the list of them shows it. */
  label(framework: string): string {
    const one = this.of(framework);
    return one && !one.installed ? `${framework} (not installed)` : framework;
  }

  /** Speak of this framework from now on; an empty name speaks of none. */
  chosen(framework: string): void {
    this.framework = framework;
    this.show();
  }

  private of(framework: string): Environment | undefined {
    return this.known?.environments.find((one) => one.framework === framework);
  }

  private show(): void {
    const one = this.of(this.framework);
    byId("missing").hidden = !one || one.installed;
    if (!one || one.installed) return;
    const may = this.known?.may_install ?? false;
    byId("install").hidden = !may || one.installing;
    byId("missing-says").textContent = one.installing
      ? `Installing ${one.framework} (${one.size}). You can go on writing. ${one.says}`
      : `${one.framework} is not installed on this viva (${one.size}): code in it is kept, but cannot be run or graded yet. ${one.says} ${may ? "" : `Whoever runs it can, with: viva env install ${one.framework}`}`;
  }

  private async look(): Promise<void> {
    const before = this.known;
    try {
      this.known = await call<Environments>("GET", "/environments");
    } catch {
      return; // Run still says what is missing
    }
    if (JSON.stringify(before) !== JSON.stringify(this.known)) this.changed();
    this.show();
    if (this.known.environments.some((one) => one.installing)) void this.lookAgain();
  }

  private async lookAgain(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    await pause(LOOK_AGAIN_MS);
    this.looking = false;
    await this.look();
  }

  private async install(): Promise<void> {
    byId("install").hidden = true;
    try {
      this.known = await call<Environments>("POST", "/environments", { framework: this.framework });
      this.show();
      await this.lookAgain();
    } catch (error) {
      byId("missing-says").textContent = told(error);
      byId("install").hidden = false;
    }
  }
}
