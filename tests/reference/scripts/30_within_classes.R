# Reference numbers of students compared with classmates, and of whole classes with students' covariates: CR2,
# Satterthwaite and HTZ (clubSandwich), HC3 (sandwich), Welch's test of residual means in base R.
# Run in the folder that holds data/ and cases/: Rscript scripts/30_within_classes.R
suppressPackageStartupMessages({library(sandwich); library(clubSandwich)})
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    inner <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(inner, collapse = ", "), "]"))
    return(paste0("{", paste0("\"", names(x), "\": ", inner, collapse = ",\n "), "}"))
  }
  if (is.character(x)) return(paste0("\"", x, "\""))
  if (is.logical(x) && !is.na(x)) return(tolower(as.character(x)))
  if (is.na(x)) "null" else formatC(x, digits = 17, format = "g")
}
row_of <- function(b, se, df) {
  half <- qt(0.975, df) * se
  list(estimate = b, se = se, t = b / se, df = df, p = 2 * pt(-abs(b / se), df), ci_low = b - half, ci_high = b + half)
}
schools <- read.csv(file.path("data", "mathachieve.csv"), colClasses = "character")
eight <- c("1224", "1288", "1296", "1308", "1317", "1358", "1374", "1433")
used <- function(some, outcome, arm, focal, covariates, above) {
  d <- if (some) schools[schools$School %in% eight, ] else schools
  y <- as.numeric(d[[outcome]]); if (!is.null(above)) y <- as.numeric(y > above)
  numeric <- function(x) if (all(grepl("^[-0-9.eE+]+$", x))) as.numeric(x) else as.numeric(x == sort(unique(x))[2])
  list(y = y, member = as.numeric(d[[arm]] == focal), x = sapply(d[covariates], numeric), school = factor(d$School))
}
robust <- function(m, terms, school) {
  rows <- coef_test(m, vcov = vcovCR(m, cluster = school, type = "CR2"), test = "Satterthwaite", coefs = terms)
  at <- match(terms, rownames(rows))
  setNames(lapply(at, function(i) row_of(rows$beta[i], rows$SE[i], rows$df_Satt[i])), terms)
}
among <- function(id, some, arm, focal, covariates, above = NULL, interactions = TRUE, slopes = TRUE) {
  d <- used(some, "MathAch", arm, focal, covariates, above)
  x <- sweep(d$x, 2, colMeans(d$x[d$member == 1, , drop = FALSE]))
  frame <- data.frame(y = d$y, member = d$member, x, school = d$school)
  inner <- if (interactions) paste0("member * (", paste(covariates, collapse = " + "), ")") else paste(c("member", covariates), collapse = " + ")
  plain <- lm(as.formula(paste("y ~", inner)), frame)
  fixed <- lm(as.formula(paste("y ~", inner, "+ school")), frame)
  term <- names(coef(plain))[-1]; products <- grep(":", term, value = TRUE)
  # Mundlak: the school means of membership, of the covariates and of their products, around their mean
  means <- apply(model.matrix(plain)[, -1, drop = FALSE], 2, function(v) ave(v, frame$school))
  means <- sweep(means, 2, colMeans(means)); colnames(means) <- paste0("m", seq_along(term))
  mundlak <- lm(as.formula(paste("y ~", inner, "+", paste(colnames(means), collapse = " + "))), cbind(frame, means))
  counts <- table(frame$school, frame$member); both <- counts[, 1] > 0 & counts[, 2] > 0
  hc3 <- vcovHC(plain, "HC3")["member", "member"]
  expected <- list(n = nrow(frame), compared = sum(both), not_compared = sum(counts[!both, ]),
    without_classes_hc3 = row_of(unname(coef(plain)["member"]), sqrt(hc3), df.residual(plain)),
    fixed = robust(fixed, term, frame$school), mundlak = robust(mundlak, c(term, colnames(means)), frame$school))
  if (length(products) && slopes) {
    w <- Wald_test(fixed, constrain_zero(products), vcov = vcovCR(fixed, cluster = frame$school, type = "CR2"), test = "HTZ")
    expected$slopes <- list(F = w$Fstat, df1 = w$df_num, df2 = w$df_denom, p = w$p_val)
  }
  list(id = id, data = "mathachieve.csv", spec = paste("outcome ~ member * covariates + school (fixed), or + the school means of",
      "all these columns (mundlak), covariates centred at the members' means; CR2 with schools as clusters, Satterthwaite df; slopes: HTZ."),
    r_call = "clubSandwich::coef_test(lm(y ~ member * x + school), vcovCR(m, school, 'CR2'), test = 'Satterthwaite')",
    args = list(outcome = "MathAch", above = above, group = arm, focal = focal, covariates = as.list(covariates), cluster = "School",
      schools = if (some) as.list(eight) else NULL, interactions = interactions),
    expected = expected, tol = list(rel = 1e-8, abs = 1e-12, keys = list(slopes = list(rel = 1e-7, abs = 1e-12))))
}
whole <- function(id, some, kind, covariates, shared = NULL, above = NULL, arm = "Sector", focal = "Catholic") {
  d <- used(some, "MathAch", arm, focal, c(covariates, shared), above)
  x <- d$x[, covariates, drop = FALSE]
  school <- d$school; n_of <- as.vector(table(school))
  family <- if (kind == "share") binomial() else gaussian()
  tight <- glm.control(epsilon = 1e-14, maxit = 100)
  arms <- as.vector(tapply(d$member, school, mean)); g <- length(arms)
  mean_of <- function(v) as.vector(tapply(v, school, mean))
  pooled <- glm(d$y ~ d$x, family = family, control = tight)
  within <- if (kind == "share") glm(d$y ~ x + school, family = family, control = tight) else lm(d$y ~ x + school)
  slope <- seq_along(covariates) + 1
  if (kind == "share") {
    # CR2 of the last step of iterated weighted least squares, rows divided by the root of their working variance
    # (clubSandwich's own way with glm multiplies by roots of these variances, which is another admissible CR2)
    mu <- fitted(within); root <- sqrt(mu * (1 - mu)); rows <- root * model.matrix(within)
    z <- root * within$linear.predictors + (d$y - mu) / root
    within <- lm(z ~ 0 + rows)
  }
  v <- vcovCR(within, cluster = school, type = "CR2")
  b <- coef(within)[slope]
  one_level <- glm(d$y ~ 1, offset = drop(x %*% b), family = family, control = tight)
  values <- mean_of(d$y - fitted(one_level))
  own <- coef_test(within, vcov = v, test = "Satterthwaite", coefs = slope)
  expected <- list(n = length(d$y), classes = g,
    slopes = setNames(lapply(seq_along(slope), function(i) row_of(own$beta[i], own$SE[i], own$df_Satt[i])), covariates))
  if (min(sum(arms), g - sum(arms)) < 4) {
    all <- apply(combn(g, sum(arms)), 2, function(k) abs(mean(values[k]) - mean(values[-k])))
    observed <- mean(values[arms == 1]) - mean(values[arms == 0])
    expected$permuted <- list(estimate = observed, p = mean(all >= abs(observed) * (1 - 1e-10)))
  } else {
    t <- t.test(mean_of(d$y - fitted(pooled)) ~ arms)
    expected$pooled <- row_of(unname(t$estimate[2] - t$estimate[1]), t$stderr, min(unname(t$parameter), g - 2))
    of_school <- if (is.null(shared)) NULL else apply(d$x[, shared, drop = FALSE], 2, mean_of)
    design <- cbind(1, arms, of_school)
    q <- solve(crossprod(design), t(design))[2, ]
    if (is.null(shared)) {
      t <- t.test(values ~ arms); se <- t$stderr; df <- unname(t$parameter)
    } else {
      m <- lm(values ~ arms + of_school)
      bm <- coef_test(m, vcov = vcovCR(m, cluster = factor(seq_len(g)), type = "CR2"), test = "Satterthwaite", coefs = "arms")
      se <- bm$SE; df <- bm$df_Satt
    }
    w <- if (kind == "share") fitted(one_level) * (1 - fitted(one_level)) else rep(1, length(d$y))
    moved <- apply(x, 2, function(column) -mean_of(w * (column - sum(w * column) / sum(w))))
    to_slopes <- matrix(0, 1, length(coef(within))); to_slopes[1, slope] <- q %*% moved
    at <- linear_contrast(within, vcov = v, contrasts = to_slopes, test = "Satterthwaite")
    total <- se^2 + at$SE^2
    expected$slope_error <- at$SE
    expected$within <- row_of(sum(q * values), sqrt(total),
      min(total^2 / (se^4 / df + at$SE^4 / at$df), g - 2 - length(shared)))
  }
  list(id = id, data = "mathachieve.csv", spec = paste("two stages: pooled, residuals of (g)lm(y ~ x) averaged per school, Welch t, df at most G - 2;",
      "within, slopes of (g)lm(y ~ x + school), observed - expected at one level, averaged per school, then Welch or HC2 with",
      "Bell-McCaffrey df beside shared covariates, plus the CR2 variance of the slopes in the direction of the difference; or permuted."),
    r_call = "t.test(tapply(y - fitted(glm(y ~ 1, offset = x %*% b)), school, mean) ~ sector); clubSandwich::linear_contrast",
    args = list(outcome = "MathAch", above = above, group = arm, focal = focal, covariates = as.list(covariates), shared = as.list(shared),
      cluster = "School", schools = if (some) as.list(eight) else NULL, kind = kind),
    expected = expected, tol = list(rel = 1e-8, abs = 1e-11))
}
cases <- list(
  among("math_minority.within", FALSE, "Minority", "Yes", "SES"),
  among("math_minority_common.within", FALSE, "Minority", "Yes", "SES", interactions = FALSE),
  among("math_sex_above.within", FALSE, "Sex", "Female", "SES", above = 13),
  among("eight_sex.within", TRUE, "Sex", "Female", "SES"),
  among("eight_minority.within", TRUE, "Minority", "Yes", c("SES", "Sex"), interactions = FALSE),
  whole("math_sector.two_stage", FALSE, "score", c("SES", "Minority")),
  whole("math_sector_shared.two_stage", FALSE, "score", c("SES", "Minority"), "MEANSES"),
  whole("math_sector_share.two_stage", FALSE, "share", c("SES", "Minority"), above = 13),
  whole("eight_sector.two_stage", TRUE, "score", "SES"))
out <- list(group = "30_within_classes", set = "reference", r = R.version.string, n_cases = length(cases), cases = cases)
writeLines(json(out), file.path("cases", "30_within_classes.json"))
