/**
 * The answering page's words in a joint wave: who asks is no employer, and nobody's own place is shown.
 *
 * Whoever reads them works in, or belongs to, one of many small organisations; a member of the alliance asks.
 */
import type { Manifest, TrusteeRole } from "./manifest.ts";
import type { Messages } from "./messages.da.ts";
import { FEWEST_ORGANISATIONS } from "./policy.ts";
import type { Language } from "./questionnaire.ts";
import { number } from "./wording.ts";

/** What a joint wave's page says beside what every wave's says. */
export interface JointWords {
  readonly title: string;
  readonly points: readonly string[];
}

interface Told {
  readonly organisation: string;
  /** "58 små teatre". */
  readonly all: string;
  readonly largest: string;
  readonly least: string;
  readonly isOpen: boolean;
}

interface Wording {
  readonly locale: string;
  readonly joint: (told: Told) => JointWords;
  readonly invited: (told: Told, count: string) => string;
  readonly onPaper: string;
  readonly ownNetwork: string;
  readonly networkSees: string;
  readonly leaders: (told: Told) => string;
  readonly picture: string;
  readonly groups: { readonly everyone: string; readonly larger: string; readonly smaller: string };
  readonly group: string;
  readonly groupsTitle: string;
  readonly representative: (told: Told, count: number) => string;
  readonly management: (told: Told, count: number) => string;
  readonly asked: readonly [from: string, to: string];
}

const WORDINGS: Readonly<Record<"da" | "en", Wording>> = {
  da: {
    locale: "da-DK",
    joint: ({ organisation, all, largest, least, isOpen }) => ({
      title: `${all} sammen`,
      points: [
        `Undersøgelsen går på tværs af ${all}. Alle svar vises samlet. Dit eget sted vises aldrig for sig og får ingen tal for sig selv.`,
        ...(isOpen
          ? []
          : [`Det største sted har ${largest} personer. En gruppe, der vises, har mindst ${least} personer, så den aldrig er ét sted alene.`]),
        `${organisation} står for undersøgelsen og er dataansvarlig. Det er ikke det sted, hvor du arbejder eller hører til.`,
        `Repræsentanten for dem, der er spurgt, taler for jer alle på tværs af stederne og har været med til at bekræfte løfterne.`,
      ],
    }),
    invited: ({ all }, count) => `${count} personer i ${all}`,
    onPaper:
      "Nogle svarer på papir i stedet for med en invitation. Den, der taster papiret ind, læser det: repræsentanten for dem, der er spurgt, eller alliancens sekretariat, aldrig nogen fra ledelsen noget sted.",
    ownNetwork: "Svar gerne på din egen telefon. Så kan netværket dér, hvor du er, ikke se, at du har været her.",
    networkSees: "At netværket dér, hvor du er, kan se, at siden er besøgt. Det kan ikke se, hvad du svarer.",
    leaders: ({ organisation }) => `Hvad ${organisation} og lederne på dit eget sted kan se`,
    picture: "Sådan ser det ud, de kan få at se. Tallene er opdigtede.",
    groups: { everyone: "Alle", larger: "Gruppe A", smaller: "Gruppe B" },
    group: "gruppe",
    groupsTitle: "Grupper på tværs af stederne, og hvor mange der er i dem",
    representative: (_told, count) =>
      count === 1 ? "repræsentanten for dem, der er spurgt" : `${count} repræsentanter for dem, der er spurgt`,
    management: ({ organisation }, count) =>
      count === 1 ? `en repræsentant for ledelsen i ${organisation}` : `${count} repræsentanter for ledelsen i ${organisation}`,
    asked: ["medarbejdernes repræsentant", "repræsentanten for dem, der er spurgt"],
  },
  en: {
    locale: "en-GB",
    joint: ({ organisation, all, largest, least, isOpen }) => ({
      title: `${all} together`,
      points: [
        `The survey goes across ${all}. All answers are shown together. Your own place is never shown by itself and gets no figures of its own.`,
        ...(isOpen
          ? []
          : [`The largest place has ${largest} people. A group that is shown has at least ${least} people, so that it is never one place alone.`]),
        `${organisation} runs the survey and is the data controller. It is not the place where you work or belong.`,
        `The representative of those who are asked speaks for all of you across the places, and had a part in confirming the promises.`,
      ],
    }),
    invited: ({ all }, count) => `${count} people in ${all}`,
    onPaper:
      "Some answer on paper instead of with an invitation. Whoever types the paper in reads it: the representative of those who are asked or the alliance's secretariat, never anyone of the management of any place.",
    ownNetwork: "Feel free to use your own phone. Then the network where you are cannot see that you were here.",
    networkSees: "That the network where you are can see that the page was visited. It cannot see what you answer.",
    leaders: ({ organisation }) => `What ${organisation} and the leaders of your own place can see`,
    picture: "This is what they can get to see. The figures are invented.",
    groups: { everyone: "Everyone", larger: "Group A", smaller: "Group B" },
    group: "group",
    groupsTitle: "Groups across the places, and how many are in them",
    representative: (_told, count) =>
      count === 1 ? "the representative of those who are asked" : `${count} representatives of those who are asked`,
    management: ({ organisation }, count) =>
      count === 1
        ? `a representative of the management of ${organisation}`
        : `${count} representatives of the management of ${organisation}`,
    asked: ["the employees' representative", "the representative of those who are asked"],
  },
};

/** The words of a page for whoever reads this manifest: `say` itself, where it is of one organisation's own people. */
export function wordsFor(say: Messages, language: Language, manifest: Manifest | null): Messages {
  return manifest?.joint === undefined ? say : jointly(say, language, manifest);
}

/** What is said of a joint wave and of no other; null where there is nothing to say. */
export function jointWords(language: Language, manifest: Manifest): JointWords | null {
  return manifest.joint === undefined ? null : wordingOf(language).joint(toldOf(language, manifest));
}

function wordingOf(language: Language): Wording {
  return WORDINGS[language === "da" ? "da" : "en"];
}

function toldOf(language: Language, { joint, organisation, mode }: Manifest): Told {
  const { organisations, largest, kind } = joint!;
  const { locale } = wordingOf(language);
  return {
    organisation: organisation.name,
    all: `${number(organisations, locale)} ${kind[language] ?? Object.values(kind)[0]}`,
    largest: number(largest, locale),
    least: number(FEWEST_ORGANISATIONS * largest, locale),
    isOpen: mode === "open",
  };
}

function jointly(say: Messages, language: Language, manifest: Manifest): Messages {
  const wording = wordingOf(language);
  const told = toldOf(language, manifest);
  const { consent } = say;
  const replaced = (text: string) => text.replaceAll(...wording.asked);
  return {
    ...say,
    consent: {
      ...consent,
      invited: (count) => wording.invited(told, number(count, wording.locale)),
      onPaper: wording.onPaper,
      voluntary: { ...consent.voluntary, points: [...consent.voluntary.points.slice(0, -1), wording.ownNetwork] },
      leaders: {
        ...consent.leaders,
        title: wording.leaders(told),
        points: { ...consent.leaders.points, unit: wording.group },
        pictureTitle: wording.picture,
        groups: wording.groups,
      },
      opening: { ...consent.opening, role: roleIn(consent.opening.role, wording, told) },
      limits: { ...consent.limits, points: withNetwork(consent.limits.points, wording.networkSees) },
      unitsTitle: wording.groupsTitle,
    },
    sending: { ...say.sending, failures: eachOf(say.sending.failures, replaced) },
    later: {
      ...say.later,
      notListed: (count) => replaced(say.later.notListed(count)),
      looks: eachOf(say.later.looks, replaced),
    },
  };
}

function roleIn(role: (name: TrusteeRole, count: number) => string, wording: Wording, told: Told) {
  return (name: TrusteeRole, count: number): string => {
    if (name === "employees") return wording.representative(told, count);
    return name === "management" ? wording.management(told, count) : role(name, count);
  };
}

/** The second of the points is about the workplace's network, in both languages. */
function withNetwork(points: readonly string[], sees: string): string[] {
  return points.map((point, at) => (at === 1 ? sees : point));
}

function eachOf<T extends Record<string, string>>(texts: T, change: (text: string) => string): T {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, change(text)])) as T;
}
