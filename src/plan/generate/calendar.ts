/** How busy a place is over a year, a week and a day; 1 is a usual working hour. */
export const calendars = {
  /** Lectures from October to mid-February and from April to July; examinations; nobody at Christmas. */
  academic: (month: number, day: number): number => {
    if (isHoliday(month, day)) return 0.05;
    if (month === 2 && day > 14) return 0.35;
    if (month === 3 || month === 8 || month === 9) return 0.35;
    return month === 7 || month === 1 ? 1.3 : 1;
  },
  /** The last two weeks of each quarter. */
  quarter: (month: number, day: number): number => {
    if (isHoliday(month, day)) return 0.1;
    return month % 3 === 0 && day > 16 ? 1.5 : 0.95;
  },
  /** Twice a year a design goes to the factory: six weeks of days and nights. */
  'tape-out': (month: number, day: number): number => {
    if (isHoliday(month, day)) return 0.2;
    const isRush = month === 5 || month === 11 || ((month === 4 || month === 10) && day > 15);
    return isRush ? 1.8 : 0.8;
  },
  steady: (): number => 1,
} as const;

export type CalendarName = keyof typeof calendars;

function isHoliday(month: number, day: number): boolean {
  return (month === 12 && day >= 23) || (month === 1 && day <= 3);
}

/** By hour of a working day: people come from seven on, go to lunch, and some stay. */
const hours = [
  ...[0.06, 0.05, 0.04, 0.04, 0.04, 0.06, 0.2, 0.5, 0.95, 1.2, 1.3, 1.2],
  ...[0.85, 1.1, 1.25, 1.2, 1, 0.7, 0.4, 0.28, 0.2, 0.16, 0.12, 0.08],
] as const;
const WEEKEND = 0.12;

/** How busy an hour of the clock on the wall is. */
export function busyness(calendar: CalendarName, date: Date): number {
  const isWeekend = date.getDay() === 0 || date.getDay() === 6;
  const season = calendars[calendar](date.getMonth() + 1, date.getDate());
  return season * hours[date.getHours()]! * (isWeekend ? WEEKEND : 1);
}

/** No hour of any calendar is busier. */
export const BUSIEST = 1.8 * Math.max(...hours);
