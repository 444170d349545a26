import { isAbsolute, relative } from 'node:path';
import { LocalCloudError } from '../errors.ts';
import { Fields } from './fields.ts';
import { readText } from './files.ts';
import { leniently } from './filled-props.ts';
import { type Findings, sentenceOf } from './findings.ts';
import { isUnknownHere, type ProjectError, unsupported } from './invalid-project.ts';
import { parseYaml } from './parse-yaml.ts';
import { ONLY_IN_THE_CLOUD } from './placeholder.ts';
import { readStack, type Stack } from './ros/stack.ts';
import { Template } from './ros/template.ts';
import type { Resource, ServerlessFile } from './serverless-file.ts';
import { scalar, type Tree } from './yaml-tree.ts';

export interface StacksOptions {
  /** Folder of s.yaml; templates are relative to it. */
  dir: string;
  accountId: string;
  /** Overrides the region that each stack names. */
  region: string | undefined;
  findings: Findings;
  /** Returns the file, later: stacks and s.yaml need each other's values. */
  file(): ServerlessFile;
}

/** The file that s.yaml names cannot be read: the cloud would create nothing either. */
class NoSuchTemplate extends LocalCloudError {}

/** The stacks that s.yaml names, each with its template read once. */
export class Stacks {
  readonly #options: StacksOptions;
  readonly #templates = new Map<string, Template | ProjectError | NoSuchTemplate>();

  constructor(options: StacksOptions) {
    this.#options = options;
  }

  /**
   * Returns an output of a stack. Throws ProjectError, with the code UnsupportedInProject when only
   * the cloud knows it.
   */
  output(resource: Resource, name: string, source: string): Tree {
    const template = this.#templateOf(resource);
    const what = `the output "${name}" of "${resource.key}" is known only in the cloud`;
    if (!(template instanceof Template))
      throw unsupported(source, what, 'give its template to the local cloud');
    try {
      return template.output(name, source);
    } catch (error) {
      if (!isUnknownHere(error)) throw error;
      throw unsupported(source, `${what}: ${error.message}`, error.remedy);
    }
  }

  /**
   * Returns what the stack creates; undefined, with a warning, when its template is not on this
   * machine. It is left out when the template is not where s.yaml says.
   */
  read(resource: Resource): Stack | undefined {
    const { findings } = this.#options;
    const template = this.#templateOf(resource);
    if (template instanceof Template) return readStack(template, findings);
    if (template instanceof NoSuchTemplate) {
      const place = { what: `Stack "${resource.key}"`, resource: resource.key };
      return findings.attempt({ ...place, source: resource.source }, () => {
        throw template;
      });
    }
    findings.warn(template.source, sentenceOf(template));
    return undefined;
  }

  /** Returns what a template that s.yaml does not name creates, with its parameters' defaults. */
  readFile(path: string, stackName: string, region: string): Stack {
    const { dir, accountId, findings } = this.#options;
    const text = readText(dir, path, 'name a template that is there');
    const template = new Template(parseYaml(text, path, { anyShortForm: true }), {
      given: undefined,
      place: { region, accountId, stackName },
      file: path,
      findings,
    });
    return readStack(template, findings);
  }

  #templateOf(resource: Resource): Template | ProjectError | NoSuchTemplate {
    const known = this.#templates.get(resource.key);
    if (known) return known;
    let template: Template | ProjectError | NoSuchTemplate;
    try {
      template = this.#readTemplate(resource);
    } catch (error) {
      if (!(error instanceof NoSuchTemplate) && !isUnknownHere(error)) throw error;
      template = error;
    }
    this.#templates.set(resource.key, template);
    return template;
  }

  #readTemplate(resource: Resource): Template {
    const { dir, accountId, region, findings } = this.#options;
    const fields = new Fields(this.#props(resource), `Stack "${resource.key}"`);
    if (!fields.has('template'))
      throw unsupported(
        fields.source,
        `${fields.owner} names no template, so what it has is known only in the cloud`,
        'name its template there, or give it to the local cloud',
      );
    const path = fields.requireString('template');
    const source = fields.get('template')?.source ?? fields.source;
    if (/^(https?|oss):\/\//.test(path))
      throw unsupported(
        source,
        `${fields.owner}: the template ${path} is not on this machine`,
        'put a copy beside s.yaml',
      );
    const name = isAbsolute(path) ? relative(dir, path) : path.replace(/^\.\//, '');
    const text = this.#readTemplateText(name, source);
    return new Template(parseYaml(text, name, { anyShortForm: true }), {
      given: fields.map('parameters'),
      place: {
        region: region ?? fields.requireString('region'),
        accountId,
        stackName: fields.requireString('name'),
      },
      file: name,
      findings,
    });
  }

  #readTemplateText(name: string, source: string): string {
    const remedy = `put it there, or correct the path at ${source}`;
    try {
      return readText(this.#options.dir, name, remedy);
    } catch (error) {
      if (!(error instanceof LocalCloudError)) throw error;
      throw new NoSuchTemplate('UnreadableFile', error.message, remedy, { cause: error });
    }
  }

  /** Returns the stack's props; a parameter that only the cloud knows has a placeholder. */
  #props(resource: Resource): Tree {
    const { file, findings } = this.#options;
    const props = file().merged(resource);
    const fill = (tree: Tree) => file().fill(tree, file().selfOf(resource));
    const entries = [...props.entries].map(([key, tree]) => {
      if (key !== 'parameters') return [key, fill(tree)] as const;
      const filled = leniently(fill, tree, (error, name) => {
        findings.warn(
          error.source,
          `Stack "${resource.key}": the parameter ${name} is "${ONLY_IN_THE_CLOUD}" here: ${error.reason}`,
        );
        return scalar(ONLY_IN_THE_CLOUD, error.source);
      });
      return [key, filled] as const;
    });
    return { ...props, entries: new Map(entries) };
  }
}
