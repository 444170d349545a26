import { type ChooseFault, type RandomFaults, randomFaults } from './faults.ts';

/** Faults that are turned on and off while the services run. */
export class FaultSwitch {
  #choose: ChooseFault | undefined;
  #settings: RandomFaults | undefined;

  /** `choose` is what a test gives in the place of settings. */
  constructor(settings?: RandomFaults, choose?: ChooseFault) {
    this.#settings = choose ? undefined : settings;
    this.#choose = choose ?? (settings && randomFaults(settings));
  }

  /** For the services. */
  readonly choose: ChooseFault = (target) => this.#choose?.(target);

  /** What is set; undefined when they are off, or a test's own. */
  get settings(): RandomFaults | undefined {
    return this.#settings;
  }

  get isOn(): boolean {
    return this.#choose !== undefined;
  }

  /** Sets them from the next request on; without settings they are off. */
  set(settings: RandomFaults | undefined): void {
    this.#settings = settings;
    this.#choose = settings && randomFaults(settings);
  }
}
