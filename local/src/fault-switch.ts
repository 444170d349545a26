import { type ChooseFault, type RandomFaults, randomFaults } from './faults.ts';

/** Faults that can be turned on and off while the services run. */
export class FaultSwitch {
  #choose: ChooseFault | undefined;
  #settings: RandomFaults | undefined;

  /** `choose` replaces the settings, for a test. */
  constructor(settings?: RandomFaults, choose?: ChooseFault) {
    this.#settings = choose ? undefined : settings;
    this.#choose = choose ?? (settings && randomFaults(settings));
  }

  /** Chooses faults for the services. */
  readonly choose: ChooseFault = (target) => this.#choose?.(target);

  /** The current settings; undefined when faults are off, or a test's own. */
  get settings(): RandomFaults | undefined {
    return this.#settings;
  }

  get isOn(): boolean {
    return this.#choose !== undefined;
  }

  /** Applies settings from the next request on; undefined turns faults off. */
  set(settings: RandomFaults | undefined): void {
    this.#settings = settings;
    this.#choose = settings && randomFaults(settings);
  }
}
