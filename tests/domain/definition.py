"""What the engine must say, minute by minute: slow, and obviously right."""

from datetime import UTC, datetime, time, timedelta
from itertools import product

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def minutes_of(span):
    """Every minute that begins in a span."""
    start = span.start.replace(second=0, microsecond=0)
    if start < span.start:
        start += MINUTE
    while start < span.end:
        yield start
        start += MINUTE


def is_worked(instant, hours, closed, institution_zone):
    """Whether the agent's wall clock shows a time within the hours of its date."""
    wall = instant.astimezone(hours.zone)
    periods = hours.exceptions.get(wall.date(), hours.weekly.get(wall.weekday(), ()))
    return (
        any(
            begins <= wall.time() and (wall.time() < ends or ends == time(0))
            for begins, ends, *_ in periods
        )
        and instant.astimezone(institution_zone).date() not in closed
        and not any(off.start <= instant < off.end for off in hours.time_off)
    )


def is_on_grid(instant, zone, step):
    """Whether the institution's clock shows a multiple of the step."""
    wall = instant.astimezone(zone)
    return (wall.hour * 60 + wall.minute) % (step // MINUTE) == 0


def is_open(instant, opening, zone):
    """Whether the wall clock shows a time within the opening hours of its weekday."""
    wall = instant.astimezone(zone)
    return any(
        begins <= wall.time() and (wall.time() < ends or ends == time(0))
        for begins, ends in dict(opening).get(wall.weekday(), ())
    )


def is_open_throughout(rules, start):
    """Whether each minute of an appointment lies within opening hours, if any."""
    return rules.opening is None or all(
        is_open(start + k * MINUTE, rules.opening, rules.zone)
        for k in range(rules.length // MINUTE)
    )


def works_throughout(calendar, start, length, branch_id=None):
    """Whether each minute of a span lies in a period of duty, perhaps at a branch."""
    there = getattr(calendar, "duty_at", {}).get(branch_id, calendar.duty)
    return all(
        any(span.start <= minute and minute + MINUTE <= span.end for span in there)
        for minute in (start + k * MINUTE for k in range(length // MINUTE))
    )


def clash(one, other):
    """Whether two ``(start, end, before, after)`` leave too little time between."""
    first, second = sorted([one, other])
    if second[0] < first[1]:
        return True
    return second[0] - first[1] < max(first[3], second[2])


def has_time(calendar, start, end, before, after):
    """Whether nothing of the agent's own is too close."""
    taken = [(b.period.start, b.period.end, b.before, b.after) for b in calendar.booked]
    taken += [(b.start, b.end, timedelta(), timedelta()) for b in calendar.busy]
    return not any(clash((start, end, before, after), it) for it in taken)


def is_known(calendar, now):
    """Whether an outside calendar, if there is one, was read recently enough."""
    reading = calendar.reading
    return reading is None or (
        reading.read_at is not None and now - reading.read_at <= reading.limit
    )


def serves(calendar, group):
    """Whether the agent has queue and language, and for a visit is at the branch."""
    is_there = (
        group.branch_id is None
        or not calendar.branches
        or group.branch_id in calendar.branches
    )
    return (
        is_there
        and group.queue_id in calendar.queues
        and group.language in calendar.languages
    )


def candidates(calendars, group, spot, now=EPOCH):
    """Agents on duty for a spot, and those of them who are free."""
    able = {
        calendar.agent_id: calendar
        for calendar in calendars
        if serves(calendar, group)
        and works_throughout(calendar, spot[0], spot[1] - spot[0], group.branch_id)
    }
    return set(able), {
        agent for agent, it in able.items() if is_known(it, now) and has_time(it, *spot)
    }


def can_be_served(demands):
    """Whether some way of handing out agents clashes nowhere; tries every one."""
    return any(
        not any(
            chosen[i] == chosen[j] and clash(demands[i][0], demands[j][0])
            for i in range(len(demands))
            for j in range(i)
        )
        for chosen in product(*(sorted(takers) for _, _, takers in demands))
    )


def verdict(rules, group, calendars, waiting, start):
    """Whether a start is open, with the free and the designated agents."""
    end = start + rules.length
    spot = (start, end, rules.buffer_before, rules.buffer_after)
    able, takers = candidates(calendars, group, spot, rules.now)
    first = start.astimezone(rules.zone).date()
    last = (end - MINUTE).astimezone(rules.zone).date()
    dates = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    is_open = (
        is_on_grid(start, rules.zone, rules.step)
        and max(rules.now, rules.earliest_day) <= start < rules.latest
        and start >= rules.now + rules.disabled_window
        and not (rules.weekends_off and any(day.weekday() >= 5 for day in dates))
        and not any(day in rules.holidays for day in dates)
        and is_open_throughout(rules, start)
        and len(takers) * 100 >= rules.percent * len(able)
        and len(takers) > 0
        and leaves_nobody_stranded((spot, able, takers), calendars, waiting, rules.now)
    )
    return is_open, len(takers), len(able)


def counted(rules, group, calendars, start):
    """How many of those on duty are free, booked, busy, kept by buffers, not known."""
    end = start + rules.length
    spot = (start, end, rules.buffer_before, rules.buffer_after)
    able, takers = candidates(calendars, group, spot, rules.now)
    counts = dict.fromkeys(("free", "booked", "busy", "buffered", "unread"), 0)
    for it in (it for it in calendars if it.agent_id in able):
        if not is_known(it, rules.now):
            counts["unread"] += 1
        elif it.agent_id in takers:
            counts["free"] += 1
        elif any(b.period.start < end and start < b.period.end for b in it.booked):
            counts["booked"] += 1
        elif any(b.start < end and start < b.end for b in it.busy):
            counts["busy"] += 1
        else:
            counts["buffered"] += 1
    return counts


def closing_rules(rules, group, calendars, waiting, start):
    """The names of all rules that close a start."""
    end = start + rules.length
    spot = (start, end, rules.buffer_before, rules.buffer_after)
    able, takers = candidates(calendars, group, spot, rules.now)
    days = [
        (start + k * MINUTE).astimezone(rules.zone).date()
        for k in range(rules.length // MINUTE)
    ]
    serve = [it for it in calendars if serves(it, group)]
    counts = counted(rules, group, calendars, start)
    closed = {
        "off_grid": not is_on_grid(start, rules.zone, rules.step),
        "past": start < rules.now,
        "earliest_day": rules.now <= start < rules.earliest_day,
        "disabled_window": rules.now <= start < rules.now + rules.disabled_window,
        "beyond_horizon": start >= rules.latest,
        "weekend": rules.weekends_off and any(day.weekday() >= 5 for day in days),
        "holiday": any(day in rules.holidays for day in days),
        "closed_hours": not is_open_throughout(rules, start),
        "nobody_designated": not serve,
        "outside_hours": serve and not able,
        "agents_busy": not takers and counts["booked"] + counts["busy"] > 0,
        "buffers": not takers and counts["buffered"] > 0,
        "calendar_unknown": not takers and counts["unread"] > 0,
        "percent": takers and len(takers) * 100 < rules.percent * len(able),
        "capacity": takers
        and not leaves_nobody_stranded(
            (spot, able, takers), calendars, waiting, rules.now
        ),
    }
    return {rule for rule, closes in closed.items() if closes}


def leaves_nobody_stranded(demand, calendars, waiting, now):
    """Whether all who compete with a demand can still be served beside it."""
    line = []
    for it in waiting:
        spot = (it.period.start, it.period.end, it.before, it.after)
        able, takers = candidates(calendars, it.group, spot, now)
        if able:
            line.append((spot, able, takers, len(line)))
    crowd = _crowd(demand, line)
    rivals = [it for it in crowd if clash(it[0], demand[0]) and it[1] & demand[1]]
    if len(demand[2]) > len(rivals):
        return True
    return can_be_served([demand, *(it[:3] for it in crowd)])


def _crowd(demand, line):
    crowd = []
    ahead = [demand]
    while ahead:
        spot, able = ahead.pop()[:2]
        fresh = [
            it for it in line if it not in crowd and clash(spot, it[0]) and able & it[1]
        ]
        crowd += fresh
        ahead += fresh
    return crowd


def open_starts(rules, group, calendars, waiting, window):
    """Every open start of a window with its free and designated agents."""
    found = []
    for start in minutes_of(window):
        if is_on_grid(start, rules.zone, rules.step):
            is_open, free, designated = verdict(rules, group, calendars, waiting, start)
            if is_open:
                found.append((start, start + rules.length, free, designated))
    return found
