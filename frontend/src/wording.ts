/**
 * How both languages write lists, days and numbers.
 */

export function words(count: number, names: readonly string[]): string {
  return names[count] ?? String(count);
}

export function joined(parts: readonly string[], and: string): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} ${and} ${last}`;
}

/** `2026-12-14` as `14. december 2026`, whatever the device's time zone. */
export function longDay(day: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return format.format(new Date(`${day}T00:00:00Z`));
}

export function number(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}
